"""One brief, written: drafts until enough are good, each time with what was wrong before; the good ones are saved."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from tailorbird.pipeline.drafting import DRAWS, Drafted, Tally, complete_facts, draft_once, object_to
from tailorbird.pipeline.exemplars import choose_exemplars, invented_last, invented_values, wide_samples
from tailorbird.pipeline.judging import Judging
from tailorbird.pipeline.known_lines import creative_id
from tailorbird.pipeline.model_calls import ModelCalls, PromptRefusedError
from tailorbird.pipeline.validation.copy_check import CopyCheck
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.stages.briefs.cells import subject_family
from tailorbird.stages.generation.prompt import Exemplar
from tailorbird.stages.generation.selection import rank_drafts
from tailorbird.stages.generation.tags import guess_tags
from tailorbird.stages.review.policy import content_hash, review_mode
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief
from tailorbird.types.campaign import Campaign
from tailorbird.types.completion import ModelCard
from tailorbird.types.creative import Creative
from tailorbird.types.draft import Draft, Step
from tailorbird.types.item import Item
from tailorbird.types.policy import Policy
from tailorbird.types.prompt import Prompt
from tailorbird.types.slot_text import SlotText


def write_brief(
    brief: Brief,
    prompt: Prompt,
    brand: Brand,
    items: Mapping[str, Item],
    facts: Mapping[str, str],
    samples: Mapping[str, tuple[str, ...]],
    campaign: Campaign,
    calls: ModelCalls,
    creatives: CreativeStore,
    seed: int,
    tally: Tally,
    check: CopyCheck,
) -> int:
    """Draft one brief until `per_brief` lines are accepted, at most DRAWS times; how many were.

    A text that a person rejected in this campaign, block and locale does not come back, though a price changed and
    the brief is another. Where a person looks at every line anyway, lines that only a person can judge are saved for
    them too.
    """
    full = complete_facts(brief, invented_values(brief, items, facts))
    exemplars = choose_exemplars(brief, prompt.examples, brand, items, facts, campaign.items.source)
    judging = _judging(full, brand, items, facts, samples, exemplars, campaign, check)
    taken = _taken(brief, brand, creatives)
    kept, rest, failed = _draft(full, prompt, judging, exemplars, campaign, calls, seed, tally, taken)
    if not kept:
        tally.fallback += 1
        tally.failures.append(
            {"subject": brief.subject.label(), "block": brief.block, "locale": brief.locale,
             "steps": [asdict(step) for step in failed]}
        )  # fmt: skip
    wanted = campaign.generation.per_brief - len(kept)
    if review_mode(campaign) == "queue" and wanted > 0:
        kept_too = _best(rest, wanted, [*taken, *(one.draft.text for one in kept)])
    else:
        kept_too = []
    family = subject_family(brief.subject, campaign.briefs)
    for one in (*kept, *kept_too):
        _save(brief, one, failed, calls, creatives, family, prompt.authors)
    return len(kept)


def _judging(
    brief: Brief,
    brand: Brand,
    items: Mapping[str, Item],
    facts: Mapping[str, str],
    samples: Mapping[str, tuple[str, ...]],
    exemplars: Sequence[Exemplar],
    campaign: Campaign,
    check: CopyCheck,
) -> Judging:
    names = [slot.name for slot in brief.slots]
    wide = wide_samples(names, brief.locale, items, facts)
    both = {name: tuple(dict.fromkeys((*wide.get(name, ()), *samples.get(name, ())))) for name in names}
    last = invented_last(brief, items)
    shown = [brief.exemplar_item_id or "", last.item_id if last and "last_item.short_name" in names else ""]
    return Judging(
        brand,
        frozenset(value for exemplar in exemplars for value in exemplar.facts.values()),
        {name: found for name, found in both.items() if found},
        campaign.items.source,
        check,
        [item_id for item_id in shown if item_id],
        Policy(campaign.channel, "", brief.block, attended=review_mode(campaign) == "queue"),
    )


def _taken(brief: Brief, brand: Brand, creatives: CreativeStore) -> list[str]:
    """Texts that are no news: the brand's own, and those that a person rejected."""
    taken = [line.text for line in brand.approved if line.block == brief.block and line.locale == brief.locale]
    rejected = creatives.find(brief.campaign, "rejected")
    return taken + [line.text for line in rejected if line.block == brief.block and line.locale == brief.locale]


def _draft(
    brief: Brief,
    prompt: Prompt,
    judging: Judging,
    exemplars: Sequence[Exemplar],
    campaign: Campaign,
    calls: ModelCalls,
    seed: int,
    tally: Tally,
    taken: Sequence[str],
) -> tuple[list[Drafted], list[Drafted], list[Step]]:
    """(drafts that are good, drafts that a person may judge, the steps of each draw's best draft that was not)."""
    spec = campaign.generation
    passed: dict[str, Drafted] = {}
    kept: list[Drafted] = []
    failed: list[Step] = []
    last: list[Drafted] = []
    for draw in range(DRAWS):
        told = object_to(last, brief.facts or {})
        try:
            found = draft_once(brief, draw, prompt, judging, exemplars, spec, calls, seed, tally, told)
        except PromptRefusedError:
            if draw == 0:
                raise
            break  # what the first prompts brought still counts
        passed.update({one.draft.draft_id: one for one in found if one.verdict.status != "block"})
        kept = _best([one for one in passed.values() if one.verdict.passed], spec.per_brief, taken)
        if len(kept) >= spec.per_brief:
            break
        last = [one for one in found if not one.verdict.passed]
        if last:
            failed += max(last, key=lambda one: (one.draft.rank, one.draft.text)).steps
    return kept, [one for one in passed.values() if not one.verdict.passed], failed


def _best(drafted: Sequence[Drafted], keep: int, taken: Sequence[str]) -> list[Drafted]:
    """The best that are new; what had to be mended comes after what had not."""
    best: list[Drafted] = []
    for mended in (False, True):
        by_id = {one.draft.draft_id: one for one in drafted if (len(one.steps) > 1) == mended}
        known = [*taken, *(one.draft.text for one in best)]
        ranked = rank_drafts([one.draft for one in by_id.values()], keep - len(best), known)
        best += [by_id[draft.draft_id] for draft in ranked]
    return best


def _save(
    brief: Brief,
    one: Drafted,
    failed: Sequence[Step],
    calls: ModelCalls,
    creatives: CreativeStore,
    family: str | None,
    authors: Sequence[str],
) -> None:
    draft = one.draft
    key = creative_id(brief.campaign, brief.brief_id, brief.block, brief.locale, draft.text)
    if creatives.get(key) is not None:  # saved by an earlier run: a person may have judged it since
        return
    creative = Creative(
        creative_id=key,
        brief_id=brief.brief_id,
        campaign=brief.campaign,
        block=brief.block,
        locale=brief.locale,
        text=draft.text,
        rung="model",
        content_hash=content_hash(draft.text),
        tags={**guess_tags(SlotText.parse(draft.text)), **calls.tags},
    )
    creatives.save(
        [creative], {key: {**_notes(brief, draft, one, failed, calls.card(), family), "prompt_authors": list(authors)}}
    )


def _notes(
    brief: Brief, draft: Draft, one: Drafted, failed: Sequence[Step], card: ModelCard, family: str | None
) -> dict[str, object]:
    steps = (*(step for step in failed if step not in one.steps), *one.steps)
    return {
        "draft": asdict(draft),
        "verdict": asdict(one.verdict),
        "steps": [asdict(step) for step in steps],
        "model": asdict(card),
        "raw": draft.raw,
        "seed": draft.seed,
        "prompt": brief.prompt,
        "prompt_hash": brief.prompt_hash,
        "brief": {
            "subject": brief.subject.label(),
            "family": family,
            "exemplar_item_id": brief.exemplar_item_id,
            "facts": dict(brief.facts or {}),
            "slots": [slot.name for slot in brief.slots],
        },
    }
