"""One brief, from request to judged drafts."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tailorbird.pipeline.model_calls import ModelCalls
from tailorbird.stages.generation.prompt import Exemplar, budget_facts, compose_request
from tailorbird.stages.generation.slotify import slotify
from tailorbird.stages.privacy.masking import PLACEHOLDER
from tailorbird.stages.validation.draft import judge_draft
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief
from tailorbird.types.campaign import GenerationSpec
from tailorbird.types.completion import Completion, CompletionRequest, Sample
from tailorbird.types.draft import Draft
from tailorbird.types.exposure import PromptContents
from tailorbird.types.prompt import Prompt
from tailorbird.types.verdict import Finding, Verdict

DRAWS = 2


@dataclass
class Tally:
    """What the drafting of a run amounted to; `cpu_seconds` and `cost_micros`: cached answers are free.

    `masked` counts spans that were masked in prompts, by kind.
    """

    requests: int = 0
    model_calls: int = 0
    cached: int = 0
    cpu_seconds: float = 0.0
    cost_micros: int = 0
    masked: Counter[str] = field(default_factory=Counter)
    written: dict[str, int] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    examples: list[dict[str, object]] = field(default_factory=list)


def draft_once(
    brief: Brief,
    draw: int,
    prompt: Prompt,
    brand: Brand,
    exemplars: Sequence[Exemplar],
    samples: Mapping[str, tuple[str, ...]],
    spec: GenerationSpec,
    calls: ModelCalls,
    seed: int,
    tally: Tally,
    source: str = "",
) -> list[tuple[Draft, Verdict]]:
    """One request for one brief, and its drafts that passed the gate or need a person's look (status 'review').

    `brief.facts` are complete; `source` is where the campaign's items come from.
    """
    request = compose_request(brief, prompt, brand, exemplars, spec, seed, draw)
    shown = exemplars[: prompt.examples]
    completion = _ask(request, _contents(brief, draw, shown), calls, tally)
    foreign = {value for exemplar in exemplars for value in exemplar.facts.values()}
    passed: list[tuple[Draft, Verdict]] = []
    for n, sample in enumerate(completion.samples):
        tally.written[brief.locale] = tally.written.get(brief.locale, 0) + 1
        text, verdict = judge_sample(sample, brief, draw, brand, foreign, samples, source)
        if verdict.passed:
            tally.passed[brief.locale] = tally.passed.get(brief.locale, 0) + 1
        else:
            _reject(tally, brief, verdict)
        if verdict.status == "block":
            continue
        passed.append((_draft(brief, text, sample, completion, request, n), verdict))
    return passed


def judge_sample(
    sample: Sample,
    brief: Brief,
    draw: int,
    brand: Brand,
    foreign: set[str],
    samples: Mapping[str, tuple[str, ...]],
    source: str = "",
) -> tuple[str, Verdict]:
    """(slot-form text, verdict) of one answer: cut-off, invented, or judged with the closed vocabulary."""
    if left := PLACEHOLDER.search(sample.text):
        reason = "repeats what was masked in its prompt"
        found = Finding("generation", "error", left.span(), "masked", reason, left[0])
        return sample.text, Verdict("block", (found,), sample.text)
    if not sample.finished or not sample.text:
        found = Finding("generation", "error", (0, len(sample.text)), "cut_off", "did not come to an end", sample.text)
        return sample.text, Verdict("block", (found,), sample.text)
    facts = {**budget_facts(brief, draw), **(brief.facts or {})}
    result = slotify(sample.text, facts, foreign)
    if result.findings:
        return str(result.text), Verdict("block", result.findings, str(result.text))
    verdict = judge_draft(
        result.text,
        brief.block,
        brief.limits,
        brief.slots,
        samples,
        facts,
        brand,
        brief.locale,
        brief.reason,
        strict=True,
        campaign=brief.campaign,
        source=source,
    )
    return str(result.text), verdict


def _contents(brief: Brief, draw: int, shown: Sequence[Exemplar]) -> PromptContents:
    """What the prompt of one draw is made of: slots and items of the brief and of the exemplars."""
    slots = {*budget_facts(brief, draw), *(name for exemplar in shown for name in exemplar.facts)}
    items = {item for exemplar in shown for item in exemplar.items} | {brief.exemplar_item_id or ""}
    purposes = {slot.purpose for slot in brief.slots if slot.name in slots}
    ids, needed = tuple(sorted(items - {""})), tuple(sorted(purposes - {""}))
    return PromptContents(brief.campaign, brief.brief_id, brief.block, brief.locale, needed, tuple(sorted(slots)), ids)


def _ask(request: CompletionRequest, contents: PromptContents, calls: ModelCalls, tally: Tally) -> Completion:
    """The answer, from the cache or the model, counted."""
    tally.requests += 1
    answer = calls.answer(request, contents)
    tally.masked.update(answer.masked)
    if answer.cached:
        tally.cached += 1
        return answer.completion
    tally.model_calls += 1
    tally.cpu_seconds += answer.completion.cpu_seconds
    tally.cost_micros += answer.completion.cost_micros
    return answer.completion


def _draft(
    brief: Brief, text: str, sample: Sample, completion: Completion, request: CompletionRequest, n: int
) -> Draft:
    count = max(1, len(completion.samples))
    identity = hashlib.sha256(f"{brief.brief_id}|{request.seed}|{n}|{sample.text}".encode()).hexdigest()
    return Draft(
        draft_id="d_" + identity[:24],
        brief_id=brief.brief_id,
        text=text,
        raw=sample.text,
        source="model",
        model=completion.model.name,
        model_digest=completion.model.digest,
        seed=request.seed,
        tokens=completion.completion_tokens // count,
        latency_ms=completion.latency_ms,
        cpu_seconds=completion.cpu_seconds / count,
        cost_micros=completion.cost_micros // count,
        rank=sample.mean_logprob if sample.mean_logprob is not None else -float(n + 1),
    )


def _reject(tally: Tally, brief: Brief, verdict: Verdict) -> None:
    finding = next((f for f in verdict.findings if f.severity == "error"), verdict.findings[0])
    tally.rejected[finding.type] = tally.rejected.get(finding.type, 0) + 1
    tally.examples.append(
        {
            "text": verdict.text,
            "block": brief.block,
            "locale": brief.locale,
            "finding": f"{finding.type}: {finding.reason}",
            "evidence": finding.evidence,
            "span": list(finding.span),
        }
    )


def complete_facts(brief: Brief, values: Mapping[str, str]) -> Brief:
    """The brief with a literal for every slot: facts about a person are invented here, a real person's never used."""
    offered = {slot.name for slot in brief.slots}
    return replace(brief, facts={**{k: v for k, v in values.items() if k in offered}, **(brief.facts or {})})
