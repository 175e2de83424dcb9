"""What a model's vendor may be told, by the terms that the project has on record with it."""

from collections.abc import Collection, Mapping

from tailorbird.types.settings import TermsSettings

_INVENTED, _BRAND = ("person",), ("brand",)


def categories_of(slots: Collection[str], knowledge: Collection[str]) -> tuple[str, ...]:
    """The kinds of text in a prompt with facts for these slots; `knowledge` are the slots that knowledge tables fill.

    Facts about a person are never a real person's: 'invented'. Every prompt has text of the brand and the campaign.
    """
    found = {"brand", "campaign"}
    for name in slots:
        source = name.split(".", 1)[0]
        if name in knowledge:
            found.add("knowledge")
        else:
            found.add("invented" if source in _INVENTED else "brand" if source in _BRAND else "catalog")
    return tuple(sorted(found))


def refuse_prompt(
    terms: TermsSettings, regions: Collection[str], categories: Collection[str], masked: Mapping[str, int]
) -> str:
    """Why a vendor may not be sent a prompt; '' if it may.

    A region outside of `regions` (if any are named) gets nothing. A vendor without a data processing agreement on
    record, or one that trains on what it is sent or may do so, gets the catalog's facts in the brand's and campaign's
    words: no text of knowledge tables, which others wrote, and nothing in which masking found something, since where
    there is one thing personal there may be another that no pattern knows.
    """
    if regions and terms.region not in regions:
        where = f"is in region {terms.region}" if terms.region else "has no region on record"
        return f"the model {where}, and privacy.model_regions allows {', '.join(sorted(regions))}"
    if terms.dpa and terms.trains is False:
        return ""
    lacks = "no data processing agreement is on record (generator.terms.dpa)"
    if terms.dpa:
        lacks = "the vendor may train on it (generator.terms.trains is not false)"
    if "knowledge" in categories:
        return f"it has text of a knowledge table, and {lacks}"
    if masked:
        return f"something personal was masked in it ({', '.join(sorted(masked))}), and {lacks}"
    return ""
