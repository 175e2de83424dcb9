"""The grammar that keeps a model from inventing figures: no digit outside the brief's own literals."""

import json
from collections.abc import Iterable

# Outside literals: no digits, line breaks, brackets, markup, currency, percent, exclamation or quotation marks.
_FORBIDDEN = r"0-9\n\r\[\]{}<>*#|%$€£¥!\"“”„_~`\\"


def literal_grammar(values: Iterable[str]) -> str:
    """GBNF: `root ::= piece+`, where a piece is a harmless character or a whole fact that holds a digit or sign."""
    literals = sorted({v for v in values if any(c.isdigit() or c in "%$€£¥" for c in v)}, key=lambda v: (-len(v), v))
    piece = f"[^{_FORBIDDEN}]" + (" | lit" if literals else "")
    lines = ["root ::= piece+", f"piece ::= {piece}"]
    if literals:
        lines.append("lit ::= " + " | ".join(json.dumps(literal, ensure_ascii=False) for literal in literals))
    return "\n".join(lines)
