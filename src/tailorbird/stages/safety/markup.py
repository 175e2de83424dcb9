"""Mark-up, script, merge tags and terminal codes in text that should be words; links, and the hosts they lead to."""

import re
from collections.abc import Collection, Iterator

MARKUP = re.compile(
    r"(?P<markup></?[a-zA-Z!?][^<>\n]{0,400}>?|<!--|-->|\]\]>)"
    r"|(?P<image>!\[[^\]\n]{0,300}\]\s?[(\[])"
    r"|(?P<link>\[[^\]\n]{1,300}\]\s?\([^)\n]{1,500}\)?)"
    r"|(?P<template>\{\{|\}\}|\{%|%\}|\{#|#\}|\*\||\|\*|%%\w|<%|%>|[$#@]\{|\[\[|\]\]|%\w{2,40}%|\$\{?[A-Z_]{3,}\}?)"
    r"|(?P<terminal>\x1b|\x9b|\\(?:x1b|033|e)\[|(?<![\w\]])\[(?:\d{1,3};)*\d{1,3}m)"
    r"|(?P<script>\b(?:javascript|vbscript|livescript|data|file)\s{0,3}:\s{0,3}[^\s,;]"
    r"|\bon(?:error|load|click|mouse\w+|focus|blur)\s*=|\bexpression\s?\(|document\.cookie|\balert\s?\(|\beval\s?\()",
    re.IGNORECASE,
)
"""One pattern, a group for each kind."""
REASONS = {
    "markup": "mark-up, which has no place in words",
    "image": "an image by its address",
    "link": "a link in Markdown",
    "template": "a tag that another tool would fill in",
    "terminal": "codes that steer a terminal",
    "script": "script",
}
# Endings that make a word with a dot in it a host: those that anybody registers, and countries' whose two letters are
# no word after a missing space ('now.It', 'this.is').
_ENDINGS = (
    "com|net|org|info|biz|io|co|app|dev|shop|store|online|site|xyz|top|click|club|vip|icu|buzz|link|live|cloud|tech|blog"
    "|news|world|today|space|website|fun|ru|cn|de|uk|eu|fr|nl|es|ch|pl|cz|se|dk|fi|pt|ie|jp|br|ca|au|nz|za|kr|tr|ua|gr"
    "|hu|ro|bg|hr|sk|lt|lv|ee|lu|mx|ar|cl|tv|cc|ws|su|tk|ml|ga|gq|cf|onion|example|test|invalid|security|zip|mov|page|art"
    "|email|gov|edu|mil|int|xxx|pro|name|mobi|agency|email|support|help|ly|gl|gg|sh|im"
)
_HOST = r"(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+"
LINK = re.compile(
    rf"(?P<url>\b(?:h(?:tt|xx)ps?|ftps?|wss?)\s?:\s?/{{1,2}}\s?[^\s<>\"'{{}}|\\^`]+|(?<![:\w])//{_HOST}[a-z]{{2,}}\S*)"
    rf"|(?P<mail>\b[\w.+-]{{1,64}}@{_HOST}[a-z]{{2,24}}\b)"
    rf"|(?P<www>\bwww\d?\.[^\s<>\"']+)"
    rf"|(?P<host>(?<![\w@.-]){_HOST}(?:{_ENDINGS})(?![\w-])(?:[:/?#][^\s<>\"']*)?)"
    rf"|(?P<long>(?<![\w@.-])(?:[a-z0-9-]{{3,63}}\.){{2,}}[a-z]{{2,24}}(?![\w.-])|(?<![\w@.-]){_HOST}[a-z]{{2,24}}/\S)"
    rf"|(?P<number>(?<![\w.])(?:\d{{1,3}}\.){{3}}\d{{1,3}}[:/]\S)"
    rf"|(?P<apart>\b[a-z0-9-]{{2,63}}\s?(?:\[\.?(?:dot)?\]|\((?:dot|\.|punkt)\)|\sdot\s)\s?"
    rf"(?:com|net|org|io|de|info|example|ru|xyz)\b)",
    re.IGNORECASE,
)  # fmt: skip
_NAMES = frozenset(
    ("asp.net", "vb.net", "ado.net", "node.js", "socket.io", "draw.io", "web.de", "booking.com", "will.i.am")
)
"""What is written like a host and is a product or a person."""
_AUTHORITY = re.compile(r"(?:[a-z]+\s?:\s?)?(?:/{1,2}\s?)?(?:[^/?#@\s]*@)?([^/?#:\s]+)", re.IGNORECASE)


def find_markup(plain: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of everything that is no words; kinds are the keys of REASONS."""
    for match in MARKUP.finditer(plain):
        yield match.start(), match.end(), str(match.lastgroup)


def find_links(plain: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, host) of every address of the web, also bare hosts, in folded text. The host is lower case."""
    for match in LINK.finditer(plain):
        kind, found = match.lastgroup, match[0].rstrip(".,;:!?)]}'\"")
        if kind == "apart":
            host = re.sub(r"\s?(?:[\[(]\.?(?:dot|punkt)?\.?[\])]|\sdot\s)\s?", ".", found.lower())
        else:
            authority = _AUTHORITY.match(found)
            host = authority[1].lower().rstrip(".") if authority else found.lower()
        if kind in ("host", "long") and (host in _NAMES or _is_abbreviation(host)):
            continue
        yield match.start(), match.start() + len(found), host


def _is_abbreviation(host: str) -> bool:
    """'e.g.de', 'p.p.m': letters with dots between them."""
    return all(len(label) < 2 for label in host.split(".")[:-1])


def leads_home(host: str, hosts: Collection[str]) -> bool:
    """Whether a host is one of `hosts` or under one of them."""
    return any(host == own or host.endswith("." + own) for own in hosts)
