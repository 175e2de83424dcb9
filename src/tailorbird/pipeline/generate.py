"""Copy for a campaign: lines that people wrote, and lines that the model writes from briefs."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from tailorbird.pipeline.drafting import Tally
from tailorbird.pipeline.exemplars import item_rows, wide_samples
from tailorbird.pipeline.known_lines import register_lines
from tailorbird.pipeline.model_calls import ModelCalls, PromptRefusedError
from tailorbird.pipeline.validation.copy_check import CopyCheck
from tailorbird.pipeline.write_brief import write_brief
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.generator import GeneratorError
from tailorbird.ports.progress import Progress
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief
from tailorbird.types.campaign import BlockSpec, Campaign, GenerationSpec
from tailorbird.types.item import Item
from tailorbird.types.prompt import Prompt
from tailorbird.types.template import Template

_EXAMPLES_KEPT = 12


def generate_creatives(
    briefs: Sequence[Brief],
    brand: Brand,
    prompts: Mapping[str, Prompt],
    campaign: Campaign,
    template: Template,
    items: Mapping[str, Item],
    samples_for: Callable[[Brief], Mapping[str, tuple[str, ...]]],
    open_calls: Callable[[], ModelCalls | None],
    creatives: CreativeStore,
    progress: Progress,
    seed: int,
    check: CopyCheck,
) -> dict[str, Any]:
    """Register the known lines, then let the model write for the first briefs (they come largest subject first).

    At most `max_lines // per_brief` briefs are tried, each with at most DRAWS requests, so at most `max_lines` lines
    are accepted. Every accepted line is saved at once, pending: a run that is interrupted loses nothing, and finds
    its answers in the cache. `open_calls` is called only if there is something to write; it may give None. A
    model that fails on the way: the other rungs serve, and the detail says so under 'generator_error'. A line that
    `check` refuses is mended, then written anew, then left to people's lines; the detail counts each.
    """
    spec, blocks = campaign.generation, campaign.blocks
    facts = fact_names(briefs, blocks)
    samples, rows = partial(wide_samples, items=items, facts=facts), partial(item_rows, items=items, facts=facts)
    refused = register_lines(campaign.name, brand, blocks, template.lines, samples, creatives, rows)
    for line in refused:
        progress.say(f"approved line {line['line']} is not used: {line['finding']}")
    tally, failure = Tally(), ""
    accepted: dict[str, list[int]] = {}
    chosen = _choose(briefs, blocks, prompts, spec)
    calls, refusals = open_calls() if chosen else None, Counter[str]()
    if calls:
        progress.stage("generate", len(chosen))
    for brief in chosen if calls else ():
        assert calls is not None
        prompt = prompts[blocks[brief.block].prompt or ""]
        try:
            count = write_brief(
                brief, prompt, brand, items, facts, samples_for(brief), campaign, calls, creatives, seed, tally, check
            )
        except PromptRefusedError as problem:
            if not refusals[str(problem)]:
                progress.say(f"{problem}; other lines serve")
            refusals[str(problem)] += 1
            count = 0
        except GeneratorError as problem:
            failure = str(problem)
            progress.say(f"the model stopped: {failure}; the other lines are approved ones")
            break
        accepted.setdefault(brief.locale, []).append(count)
        progress.advance()
    return _detail(tally, accepted, refused, failure, refusals)


def _choose(
    briefs: Sequence[Brief], blocks: Mapping[str, BlockSpec], prompts: Mapping[str, Prompt], spec: GenerationSpec
) -> list[Brief]:
    """The briefs to try. Those of one block and locale begin with the same turns: side by side, they are read once."""
    wanted = [b for b in briefs if blocks[b.block].generate and (blocks[b.block].prompt or "") in prompts]
    return sorted(wanted[: spec.max_lines // max(1, spec.per_brief)], key=lambda b: (b.block, b.locale))


def fact_names(briefs: Sequence[Brief], blocks: Mapping[str, BlockSpec]) -> dict[str, str]:
    """Every item attribute that some block or brief may state, with its slot type."""
    names = {name: "text" for spec in blocks.values() for name in spec.slots}
    names |= {slot.name: slot.type for brief in briefs for slot in brief.slots}
    built_in = {"item.name", "item.short_name", "item.price", "item.family"}
    return {n.removeprefix("item."): t for n, t in names.items() if n.startswith("item.") and n not in built_in}


def _detail(
    tally: Tally,
    accepted: Mapping[str, Sequence[int]],
    refused: list[dict[str, Any]],
    failure: str,
    refusals: Mapping[str, int],
) -> dict[str, Any]:
    locales = sorted({*tally.written, *accepted})
    examples = sorted(tally.examples, key=lambda e: hashlib.sha256(str(e["text"]).encode()).hexdigest())
    distinct = list({str(e["finding"]): e for e in examples}.values())
    return {
        "requests": tally.requests,
        "model_calls": tally.model_calls,
        "cached": tally.cached,
        "lines_written": sum(tally.written.values()),
        "lines_passed": sum(tally.passed.values()),
        "lines_accepted": sum(map(sum, accepted.values())),
        "repaired": tally.repaired,
        "regenerated": tally.regenerated,
        "fallback": tally.fallback,
        "fallback_examples": tally.failures[:_EXAMPLES_KEPT],
        "lines_by_locale": {
            locale: {
                "written": tally.written.get(locale, 0),
                "passed": tally.passed.get(locale, 0),
                "briefs": len(accepted.get(locale, ())),
                "accepted": sum(accepted.get(locale, ())),
            }
            for locale in locales
        },
        "cpu_seconds": round(tally.cpu_seconds, 3),
        "cost_micros": tally.cost_micros,
        "rejected_by_reason": dict(sorted(tally.rejected.items(), key=lambda pair: (-pair[1], pair[0]))),
        "rejected_examples": (distinct + [e for e in examples if e not in distinct])[:_EXAMPLES_KEPT],
        "refused_lines": refused,
        "generator_error": failure,
        "masked": dict(sorted(tally.masked.items())),
        "prompts_refused": dict(refusals),
    }
