"""Requests that a model may read: the only place that makes one."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from tailorbird.stages.privacy.masking import Masked, Masker
from tailorbird.types.completion import CompletionRequest, MaskedRequest

# A class of characters may hold a quotation mark, which begins no literal.
_CLASS_OR_LITERAL = re.compile(r'\[(?:[^\]\\]|\\.)*\]|("(?:[^"\\]|\\.)*")')


def mask_request(request: CompletionRequest, masker: Masker) -> tuple[MaskedRequest, Mapping[str, int]]:
    """The request with every text in it masked, and how many spans of each kind were.

    Turns, the literals of the grammar and stop strings: all of it goes to the model. One value is one placeholder in
    all of them.
    """
    masked = Masked()
    turns = tuple((role, masker.mask(text, masked)) for role, text in request.messages)
    counts = dict(masked.counts)  # the grammar repeats what the turns say
    grammar = _CLASS_OR_LITERAL.sub(lambda m: _mask_literal(m[0], masker, masked) if m[1] else m[0], request.grammar)
    stop = tuple(masker.mask(text, masked) for text in request.stop)
    return MaskedRequest(replace(request, messages=turns, grammar=grammar, stop=stop)), counts


def _mask_literal(literal: str, masker: Masker, masked: Masked) -> str:
    """A quoted text of the grammar, read as the model reads it."""
    try:
        text = json.loads(literal)
    except ValueError:  # an escape that only grammars have
        return masker.mask(literal, masked)
    clean = masker.mask(text, masked)
    return literal if clean == text else json.dumps(clean, ensure_ascii=False)
