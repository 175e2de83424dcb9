"""Tags guessed from a line's shape, so that reports can say which kinds of line work."""

from tailorbird.types.slot_text import SlotText

_NAMES = {"item.name", "item.short_name"}
_ADDRESS = {
    "we",
    "we've",
    "our",
    "you",
    "you'd",
    "your",
    "wir",
    "unser",
    "unsere",
    "sie",
    "ihr",
    "ihre",
    "ihren",
    "ihnen",
}


def guess_tags(text: SlotText) -> dict[str, str]:
    """Tone, format and what the line mentions, by the names that approved lines use:
    {'tone': 'warm', 'format': 'question', 'mentions': 'price'}."""
    fixed = " ".join(text.words)
    words = {word.strip(".,:;?!").casefold().replace("’", "'") for word in fixed.split()}
    slots, form = set(text.slots), str(text).rstrip()
    facts = slots - _NAMES - {"item.price", "brand.name"}
    if "item.price" in slots:
        mentions = "price"
    elif any(slot.startswith("item.") for slot in facts):
        mentions = min(slot.removeprefix("item.") for slot in facts if slot.startswith("item."))
    else:
        mentions = "item" if slots & _NAMES else "none"
    personal = any(slot.startswith(("person.", "last_item.")) for slot in slots)
    return {
        "tone": "warm" if personal or words & _ADDRESS else "plain",
        "format": "question" if form.endswith("?") else "list" if len(words) <= 1 and len(slots) > 1 else "statement",
        "mentions": mentions,
    }
