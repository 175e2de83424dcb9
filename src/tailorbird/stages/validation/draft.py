"""The gate for drafts: every check on one line, judged once, for every value that its slots may take."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tailorbird.stages.validation import address, forms, grounding, phrases, policy, roles, style, surface
from tailorbird.stages.validation.ground import Ground
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.stages.validation.reading import Reading, read_draft
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits, Slot
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding, Status, Verdict

Check = Callable[[Reading, Ground], Iterator[Finding]]

HARD: tuple[Check, ...] = (surface.check_characters, surface.check_markup, policy.check_disallowed)
STRICT: tuple[Check, ...] = (
    grounding.check_literals,
    grounding.check_required,
    policy.check_claims,
    grounding.check_vocabulary,
    grounding.check_capitals,
    grounding.check_nouns,
    grounding.check_opening,
    grounding.check_first_name,
    forms.check_articles,
    forms.check_agreement,
    forms.check_relations,
    forms.check_repeats,
    style.check_cta,
    style.check_deadline,
    style.check_echo,
    style.check_finished,
    surface.check_exclamation,
    surface.check_leak,
    address.check_address_form,
    address.check_ownership,
    address.check_state,
    roles.check_roles,
    phrases.check_phrases,
)


def judge_draft(
    text: SlotText,
    block: str,
    limits: Limits,
    slots: Sequence[Slot],
    samples: Mapping[str, tuple[str, ...]],
    facts: Mapping[str, str],
    brand: Brand,
    locale: str,
    reason: str,
    strict: bool,
    campaign: str = "",
    source: str = "",
    rows: Sequence[Mapping[str, str]] = (),
) -> Verdict:
    """Judge one line in slot form; spans in the findings are offsets into `verdict.text`, the slot-form text.

    `samples` are the shortest, longest and most awkward value of each slot; `facts` the exemplar item's literals.
    `strict` is for copy that no person has read (closed vocabulary and all style rules); without it, only what a
    person's approval cannot mend stops the line: length, characters, markup, disallowed phrases, unknown slots. An
    unusual phrase alone gives the status 'review': a person may find it good. `campaign` and `source` (of its items)
    say which approved lines the phrases may come from, and what may be said of the reader's basket and last order.
    `rows` are the slot values of whole items: with them no line is too long for an item that does not exist.
    """
    ground = Ground(
        block, limits, {slot.name: slot for slot in slots}, samples, facts, brand, locale, reason, lexicon_for(locale),
        campaign, source, rows,
    )  # fmt: skip
    reading = read_draft(text)
    findings = [*surface.check_slots_known(text, reading, ground)]
    if not findings:
        findings += surface.check_length(text, reading, ground)
    for check in (*HARD, *STRICT) if strict else HARD:
        findings += check(reading, ground)
    severities = {found.severity for found in findings}
    status: Status = "block" if "error" in severities else "review" if "warning" in severities else "pass"
    return Verdict(status, tuple(findings), reading.text)
