"""One brief, from request to judged drafts."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tailorbird.pipeline.judging import Judging, judge_sample
from tailorbird.pipeline.model_calls import ModelCalls
from tailorbird.stages.generation.prompt import Exemplar, budget_facts, compose_request
from tailorbird.types.brief import Brief
from tailorbird.types.campaign import GenerationSpec
from tailorbird.types.completion import Completion, CompletionRequest, Sample
from tailorbird.types.draft import Draft, Objection, Step
from tailorbird.types.exposure import PromptContents
from tailorbird.types.prompt import Prompt
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Finding, Verdict

DRAWS = 3
"""Requests for one brief at most: the first, and two that are told what was wrong."""
_OBJECTIONS = 3
_WORDS_CHARS = 60


@dataclass
class Tally:
    """What the drafting of a run amounted to; `cpu_seconds` and `cost_micros`: cached answers are free.

    `masked` counts spans that were masked in prompts, by kind. `regenerated` counts requests that were told what was
    wrong, `repaired` lines that passed because they were mended, `fallback` briefs that are left to people's lines,
    with the steps that led there in `failures`.
    """

    requests: int = 0
    model_calls: int = 0
    cached: int = 0
    cpu_seconds: float = 0.0
    cost_micros: int = 0
    repaired: int = 0
    regenerated: int = 0
    fallback: int = 0
    masked: Counter[str] = field(default_factory=Counter)
    written: dict[str, int] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    examples: list[dict[str, object]] = field(default_factory=list)
    failures: list[dict[str, object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft with its verdict, and the steps that led from the model's words to it."""

    draft: Draft
    verdict: Verdict
    steps: tuple[Step, ...]


def draft_once(
    brief: Brief,
    draw: int,
    prompt: Prompt,
    judging: Judging,
    exemplars: Sequence[Exemplar],
    spec: GenerationSpec,
    calls: ModelCalls,
    seed: int,
    tally: Tally,
    objections: Sequence[Objection] = (),
) -> list[Drafted]:
    """One request for one brief, and its drafts, judged and mended where that helps; most of them may be blocked.

    `brief.facts` are complete. `objections` are what was wrong before.
    """
    request = compose_request(brief, prompt, judging.brand, exemplars, spec, seed, draw, objections)
    tally.regenerated += bool(objections)
    told = range(draw + 1) if objections else (draw,)
    completion = _ask(request, _contents(brief, told, exemplars[: prompt.examples]), calls, tally)
    drafted: list[Drafted] = []
    for n, sample in enumerate(completion.samples):
        tally.written[brief.locale] = tally.written.get(brief.locale, 0) + 1
        text, verdict, steps = judge_sample(sample, brief, draw, judging, "regenerate" if objections else "draft")
        if verdict.passed:
            tally.passed[brief.locale] = tally.passed.get(brief.locale, 0) + 1
            tally.repaired += len(steps) > 1
        else:
            _reject(tally, brief, verdict)
        drafted.append(Drafted(_draft(brief, text, sample, completion, request, n), verdict, steps))
    return drafted


def object_to(drafted: Sequence[Drafted], facts: Mapping[str, str]) -> tuple[Objection, ...]:
    """What the writer is told after drafts of which none is good: what is wrong with the best ones, each thing once.

    Of a draft with errors it is told these alone.
    """
    told: dict[str, Objection] = {}
    for one in sorted(drafted, key=lambda one: (-one.draft.rank, one.draft.text)):
        first = one.steps[0]  # what the model wrote; a repair that failed is not its words
        errors = [found for found in first.findings if found.severity == "error"]
        for finding in errors or [found for found in first.findings if found.severity == "warning"]:
            objection = _objection(finding, first.text, facts)
            told.setdefault(objection.words or objection.reason, objection)
    return tuple(told.values())[:_OBJECTIONS]


def _objection(finding: Finding, text: str, facts: Mapping[str, str]) -> Objection:
    start, end = finding.span
    whole = (start, end) in ((0, 0), (0, len(text)))
    try:
        words = "" if whole else SlotText.parse(text[start:end]).stitch(facts)
    except (ValueError, KeyError):  # a slot that nothing fills
        words = ""
    return Objection(" ".join(words.split())[:_WORDS_CHARS], finding.reason, finding.type)


def _contents(brief: Brief, draws: Iterable[int], shown: Sequence[Exemplar]) -> PromptContents:
    """What a prompt is made of: slots and items of the exemplars and of the brief, of every draw whose words are in it.

    Words of an earlier draft, which its writer is told of, may be values that it saw then.
    """
    slots = {name for draw in draws for name in budget_facts(brief, draw)}
    slots |= {name for exemplar in shown for name in exemplar.facts}
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
