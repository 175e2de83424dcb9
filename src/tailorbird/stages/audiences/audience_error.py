"""What is wrong with an audience: which one, what, and how to mend it."""

import difflib
from collections.abc import Sequence

from tailorbird.types.errors import TailorbirdError


class AudienceError(TailorbirdError):
    """An audience that cannot be judged. One sentence: which audience, what is wrong, how to mend it."""


def unknown_feature(audience: str, name: str, known: Sequence[str]) -> AudienceError:
    """The error of a condition on a feature that nobody has defined."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    mend = f"did you mean {near[0]!r}?" if near else f"defined are {', '.join(known) or 'none'}"
    return AudienceError(f"audience {audience!r}: there is no feature {name!r}; {mend}")
