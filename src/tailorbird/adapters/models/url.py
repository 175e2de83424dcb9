"""Stream a file over HTTPS, from an offset on."""

from collections.abc import Iterator

import httpx2

from tailorbird.adapters.models.manifest import ModelError, UrlSource

_UNREACHABLE_SECONDS = 5.0
_SILENT_SECONDS = 30.0
_CHUNK = 1 << 20
_STEP_BYTES = 32 << 20


def url_chunks(source: UrlSource, offset: int) -> Iterator[tuple[bytes, bool]]:
    """(bytes, whether the part file may note this position) from `offset` to the end.

    A source that cannot be reached within 5 seconds, or refuses, is a ModelError.
    """
    timeout = httpx2.Timeout(_SILENT_SECONDS, connect=_UNREACHABLE_SECONDS)
    headers = {"Range": f"bytes={offset}-"} if offset else {}
    try:
        with (
            httpx2.Client(timeout=timeout, follow_redirects=True) as client,
            client.stream("GET", source.url, headers=headers) as answer,
        ):
            if answer.status_code not in (200, 206):
                raise ModelError(f"answered {answer.status_code}")
            skip = offset if answer.status_code == 200 else 0
            since = 0
            for chunk in answer.iter_bytes(_CHUNK):
                kept = chunk[skip:]
                skip = max(0, skip - len(chunk))
                since += len(kept)
                noted = since >= _STEP_BYTES
                since = 0 if noted else since
                yield kept, noted
    except httpx2.TimeoutException as problem:
        raise ModelError("did not answer in time") from problem
    except httpx2.HTTPError as problem:
        raise ModelError(f"cannot be reached ({problem})") from problem
