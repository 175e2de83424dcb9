"""Links between user ids, resolved to people: the same people whatever the order in which the links came."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tailorbird.types.identity import IdentityLink, IdentitySplit, People


@dataclass(frozen=True, slots=True)
class JudgedLink:
    """A link, and why it does not count: 'split by …', 'a later alias …', 'already one person'; '' if it counts."""

    link: IdentityLink
    idle: str


def resolve_links(links: Iterable[IdentityLink], splits: Iterable[IdentitySplit]) -> People:
    """Who is whom by `links`, of which `splits` undo some.

    - A split undoes every alias and merge between its two ids up to its moment, and every match between them.
    - An id has one alias at a time: the latest names who it is now (at equal times the greater id). So a device that
      was given as a former id at two sign-ups joins nobody.
    - What is left is walked in order of time. Each link joins two people, and the id of the target's person survives;
      a link inside one person changes nothing. So a loop of aliases ends as one person, called by its later name.

    All of that depends on the times that the links carry, never on their order here.
    """
    return _walk(links, splits)[1]


def judge_links(links: Iterable[IdentityLink], splits: Iterable[IdentitySplit]) -> list[JudgedLink]:
    """Every link in the order in which it counts, with the reason if it does not."""
    return _walk(links, splits)[0]


def _walk(links: Iterable[IdentityLink], splits: Iterable[IdentitySplit]) -> tuple[list[JudgedLink], People]:
    undone = _latest_splits(splits)
    ordered = sorted(links, key=_order)
    current: dict[str, IdentityLink] = {}
    for link in ordered:
        if link.kind == "alias" and _split_of(link, undone) is None:
            current[link.source] = link
    joined = _Joined()
    judged = []
    for link in ordered:
        split, latest = _split_of(link, undone), current.get(link.source, link)
        if split is not None:
            idle = f"split at {split.at:%Y-%m-%d %H:%M} by {split.by or 'somebody'}"
        elif link.kind == "alias" and link != latest:
            idle = f"a later alias calls {link.source} {latest.target}"
        else:
            idle = "" if joined.join(link.source, link.target) else "already one person"
        judged.append(JudgedLink(link, idle))
    return judged, joined.people()


def _order(link: IdentityLink) -> tuple[datetime, str, str, str, str, str]:
    return link.at, link.kind, link.target, link.source, link.by, link.reason


def _latest_splits(splits: Iterable[IdentitySplit]) -> dict[frozenset[str], IdentitySplit]:
    latest: dict[frozenset[str], IdentitySplit] = {}
    for split in splits:
        pair = frozenset((split.one, split.other))
        known = latest.get(pair)
        if known is None or (known.at, known.by, known.reason) < (split.at, split.by, split.reason):
            latest[pair] = split
    return latest


def _split_of(link: IdentityLink, undone: Mapping[frozenset[str], IdentitySplit]) -> IdentitySplit | None:
    split = undone.get(frozenset((link.source, link.target)))
    return split if split is not None and (link.kind == "match" or link.at <= split.at) else None


class _Joined:
    """Disjoint sets of ids, each with the name of its person."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._ids: dict[str, list[str]] = {}
        self._name: dict[str, str] = {}

    def join(self, source: str, target: str) -> bool:
        """Join two sets under the name of the target's; False if they were one already."""
        one, other = self._root(source), self._root(target)
        if one == other:
            return False
        name = self._name.get(other, other)
        small, large = sorted((one, other), key=lambda root: len(self._ids.get(root, ())))
        self._parent[small] = large
        self._ids.setdefault(large, [large]).extend(self._ids.pop(small, [small]))
        self._name[large] = name
        return True

    def people(self) -> People:
        named = {self._name[root]: tuple(sorted(ids)) for root, ids in self._ids.items()}
        return People({each: person for person, ids in named.items() for each in ids}, named)

    def _root(self, node: str) -> str:
        while (above := self._parent.get(node, node)) != node:
            self._parent[node] = self._parent.get(above, above)
            node = above
        return node
