"""The outdated line: copy that rests on facts of the catalog which are others now."""

from dataclasses import dataclass
from typing import Literal

OutdatedKind = Literal["literal", "slot", "brief"]


@dataclass(frozen=True, slots=True)
class OutdatedLine:
    """One line and the change that touches it.

    `literal`: its own words state what is no longer so; its approval no longer stands. `slot`: items lost a value that
    it fills in; it is not chosen for them. `brief`: the facts it was written from changed, so that its brief is another
    and it is written anew at the next run.
    """

    creative_id: str
    kind: OutdatedKind
    reason: str
    text: str
