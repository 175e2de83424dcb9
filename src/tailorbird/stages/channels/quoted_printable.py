"""Quoted-printable (RFC 2045, 6.7) for texts that are put together from pieces.

A piece is encoded by itself and ends with a line break, a soft one where the text goes on: pieces can then be joined
in any order, so that a template's fixed texts are encoded once and not once per mail.
"""

import binascii
from functools import lru_cache

LINE_MAX = 76
SOFT_BREAK = "=\r\n"


def quoted_printable(text: str) -> str:
    """The whole text in lines of at most 76 ASCII characters with CRLF line ends; bare CR and LF become line ends."""
    data = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    return binascii.b2a_qp(data, istext=True).replace(b"\n", b"\r\n").decode("ascii")


# Names, prices and legal lines come again in thousands of mails.
@lru_cache(maxsize=4096)
def quoted_piece(text: str) -> str:
    """One piece, which begins and ends at the start of a line; '' for ''. Spaces are kept from running together.

    A mail whose lines hold no run of spaces is its own relaxed form for DKIM, so each second space is written =20.
    """
    if not text:
        return ""
    encoded = quoted_printable(text)
    if "  " in encoded or "\t" in encoded:
        encoded = quoted_printable_spaced(text)
    if encoded.endswith("\n"):
        return encoded
    last = encoded[encoded.rfind("\n") + 1 :]
    if len(last) == LINE_MAX:  # a last line may be full, but a soft break needs one place more
        cut = -3 if encoded[-3] == "=" else -1
        encoded = encoded[:cut] + SOFT_BREAK + encoded[cut:]
    return encoded + SOFT_BREAK


def quoted_printable_spaced(text: str) -> str:
    """Like quoted_printable, in which no two spaces stand side by side."""
    lines = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        out, width, previous = [], 0, ""
        for character in line:
            plain = character == " " != previous or ("!" <= character <= "~" and character != "=")
            piece = character if plain else "".join([f"={byte:02X}" for byte in character.encode("utf-8", "replace")])
            previous = "" if piece == "=20" else character
            if width + len(piece) > LINE_MAX - 1:
                out.append(SOFT_BREAK)
                width = 0
            out.append(piece)
            width += len(piece)
        if out and out[-1] == " ":
            out[-1] = "=20" if width + 2 < LINE_MAX else f"{SOFT_BREAK}=20"
        lines.append("".join(out))
    return "\r\n".join(lines)


def whole(pieces: str) -> str:
    """Joined pieces as one finished text: the last soft break, after which nothing follows, is taken off."""
    return pieces.removesuffix(SOFT_BREAK)
