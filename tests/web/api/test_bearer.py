"""Keys as Bearer tokens."""

import pytest
from starlette.exceptions import HTTPException

from tailorbird.web.api.bearer import bearer_token, require_key


def test_only_the_key_itself_passes() -> None:
    require_key(b"Bearer s3cret", "s3cret", "read key")
    for wrong in (b"", b"s3cret", b"Bearer s3cre", b"Bearer s3cret2", b"Basic s3cret", b"Bearer \xff"):
        with pytest.raises(HTTPException, match="the read key is missing or wrong") as refused:
            require_key(wrong, "s3cret", "read key")
        assert (refused.value.status_code, refused.value.headers) == (401, {"WWW-Authenticate": "Bearer"})


def test_a_token_is_taken_out_of_the_header() -> None:
    assert bearer_token("bearer  abc ", "reviewer key") == "abc"
    for wrong in ("", "abc", "Bearer", "Bearer  ", "Basic abc"):
        with pytest.raises(HTTPException, match="the reviewer key is missing") as refused:
            bearer_token(wrong, "reviewer key")
        assert (refused.value.status_code, refused.value.headers) == (401, {"WWW-Authenticate": "Bearer"})
