"""Secrets in text: keys of known services, private keys, passwords, and words that only a machine can have made."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

# Prefixes as their issuers document them.
_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    r"|\b(?:AKIA|ASIA|AGPA|AROA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{18,}|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{30,}"
    r"|\bxox[abeoprs]-[\w-]{10,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}"
    r"|\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|\bsk-(?:proj-|ant-)?[\w-]{20,}|\bwhsec_[A-Za-z0-9+/=]{20,}"
    r"|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"
    r"|://[^\s/:@]{1,60}:[^\s/@]{3,60}@"
)
_NAMED = re.compile(
    r"\b(?:pass(?:word|wd|phrase|code)?|pwd|secret|api[ _-]?key|access[ _-]?key|auth[ _-]?token|token|bearer"
    r"|passwort|kennwort|geheimnis|zugangscode|client[ _-]?secret)\b"
    r"(?:\s{0,2}(?:is|ist)\s{1,2}|\s{0,2}[:=]\s{0,2}|(?<=bearer)\s)"
    r"[\"'“„]?(?P<value>[^\s,;]{6,200})",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?<![\w/.-])[A-Za-z0-9+/_-]{28,200}={0,2}(?![\w/.-])")
_BITS_MIN = 3.9
"""Shannon's entropy per character, in bits: words have 3 to 3.7 at this length, random base64 over 4.2."""


_STROKES_MAX = 2
"""More of them are a list: 'CB/CE/ISO13406-2'."""


def find_credentials(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, sure) of every secret. `sure` is false where only its randomness speaks for it."""
    spans: list[tuple[int, int]] = []
    for match in _KEY.finditer(text):
        spans.append(match.span())
        yield *match.span(), True
    for match in _NAMED.finditer(text):
        value = match["value"]
        odd = re.search(r"\d", value) or re.search(r"[^\w.'’-]", value[:-1]) or re.search(r"[a-z][A-Z]", value)
        if odd:
            spans.append(match.span())
            yield *match.span(), True
    for match in _TOKEN.finditer(text):
        if not any(a < match.end() and match.start() < b for a, b in spans) and _is_random(match[0]):
            yield *match.span(), False


def _is_random(token: str) -> bool:
    """Capitals, small letters and digits all mixed; a name with hyphens or a number is not that."""
    kinds = sum(bool(re.search(kind, token)) for kind in ("[A-Z]", "[a-z]", "[0-9]"))
    if kinds < 3 or token.count("/") > _STROKES_MAX:
        return False
    counts, size = Counter(token), len(token)
    bits = -sum(count / size * math.log2(count / size) for count in counts.values())
    changes = sum(_kind(a) != _kind(b) for a, b in pairwise(token))
    return bits >= _BITS_MIN and changes >= size // 3


def _kind(character: str) -> int:
    return 0 if character.isdigit() else 1 if character.isupper() else 2
