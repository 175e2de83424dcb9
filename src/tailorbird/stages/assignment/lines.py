"""Which lines each variant may show, so that the variants differ in what they are meant to, and in nothing else."""

from collections.abc import Collection, Mapping, Sequence

from tailorbird.types.creative import Creative
from tailorbird.types.errors import TailorbirdError


class VariantError(TailorbirdError):
    """A variant without lines; the message names it and says what to do."""


def bears(creative: Creative, tags: Mapping[str, str]) -> bool:
    """Whether a line has all of these tags."""
    return all(creative.tags.get(name) == value for name, value in tags.items())


def compared_blocks(creatives: Sequence[Creative], tags_of: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """The blocks in which variants differ: those with a usable line that bears the tags of some variant.

    `tags_of` holds the tags each variant asks for; a variant that asks for none shows what the campaign shows. Other
    blocks are the same in all of them.
    """
    asked = [tags for tags in tags_of.values() if tags]
    return frozenset(c.block for c in creatives if c.usable and any(bears(c, tags) for tags in asked))


def variant_lines(
    creatives: Sequence[Creative],
    variant: str,
    tags: Mapping[str, str],
    compared: Collection[str],
    locales: Collection[str],
    allowed: Collection[str] | None = None,
) -> list[Creative]:
    """The lines of one variant: in the `compared` blocks those that bear its `tags` and are `allowed` (None: all are);
    elsewhere the campaign's.

    Lines of the template stay, for the case that nothing better fits a person. Raises VariantError where a compared
    block has no line left in one of `locales`: the variant would show the template's while others do not.
    """
    kept = [
        c
        for c in creatives
        if c.block not in compared
        or c.rung == "template"
        or (bears(c, tags) and (allowed is None or c.creative_id in allowed))
    ]
    asked = ", ".join(f"{name}: {value}" for name, value in tags.items())
    if tags and not any(bears(c, tags) and c.usable for c in creatives):
        raise VariantError(f"variant {variant!r} asks for lines with {asked}, and no approved line has that")
    for block in sorted(compared):
        for locale in sorted(locales):
            here = [c for c in kept if c.block == block and c.locale == locale and c.rung != "template" and c.usable]
            if not here and any(c.block == block and c.locale == locale and c.rung != "template" for c in creatives):
                new = " that nobody saw before the experiment (equal: freshness)" if allowed is not None else ""
                wanted = f" with {asked}" if tags else ""
                raise VariantError(
                    f"variant {variant!r} has no line for {block} in {locale}{wanted}{new}; write and approve one, or "
                    "change the experiment"
                )
    return kept


def fresh_lines(
    creatives: Sequence[Creative], seen_before: Collection[str], seen_within: Collection[str]
) -> frozenset[str]:
    """The lines that keep the variants equally fresh: none that somebody was shown before the experiment began
    (`seen_before`), and, once it runs, only those that its earlier steps showed (`seen_within`, empty at its first).

    So no variant wins because its lines are new to people, and none gets newer lines than the others on the way.
    """
    ids = {c.creative_id for c in creatives} - set(seen_before)
    return frozenset(ids & set(seen_within) if seen_within else ids)
