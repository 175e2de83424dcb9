"""One brief, from request to judged drafts: the model's only user."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from tailorbird.ports.draft_cache import DraftCache
from tailorbird.ports.generator import Generator
from tailorbird.stages.generation.prompt import Exemplar, budget_facts, compose_request
from tailorbird.stages.generation.slotify import slotify
from tailorbird.stages.validation.draft import judge_draft
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief
from tailorbird.types.campaign import GenerationSpec
from tailorbird.types.completion import Completion, CompletionRequest, ModelCard, Sample
from tailorbird.types.draft import Draft
from tailorbird.types.prompt import Prompt
from tailorbird.types.verdict import Finding, Verdict

DRAWS = 2
# Raised when a stored answer would no longer be the answer to the same key.
_KEY_FORMAT = 2


@dataclass
class Tally:
    """What the drafting of a run amounted to; `cpu_seconds` and `cost_micros`: cached answers are free."""

    requests: int = 0
    model_calls: int = 0
    cached: int = 0
    cpu_seconds: float = 0.0
    cost_micros: int = 0
    written: dict[str, int] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    examples: list[dict[str, object]] = field(default_factory=list)


def request_key(request: CompletionRequest, card: ModelCard) -> str:
    """The exact-cache key: SHA-256 of the canonical request, of which model is asked, and where."""
    model = [card.provider, card.name, card.digest, card.endpoint]
    content = {"format": _KEY_FORMAT, "request": asdict(request), "model": model}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def answer_request(request: CompletionRequest, generator: Generator, cache: DraftCache, tally: Tally) -> Completion:
    """The completion from the cache, else from the model (then cached)."""
    tally.requests += 1
    key = request_key(request, generator.card())
    found = cache.get(key)
    if found is not None:
        tally.cached += 1
        return found
    completion = generator.complete(request)
    tally.model_calls += 1
    tally.cpu_seconds += completion.cpu_seconds
    tally.cost_micros += completion.cost_micros
    cache.put(key, completion)
    return completion


def draft_once(
    brief: Brief,
    draw: int,
    prompt: Prompt,
    brand: Brand,
    exemplars: Sequence[Exemplar],
    samples: Mapping[str, tuple[str, ...]],
    spec: GenerationSpec,
    generator: Generator,
    cache: DraftCache,
    seed: int,
    tally: Tally,
    source: str = "",
) -> list[tuple[Draft, Verdict]]:
    """One request for one brief, and its drafts that passed the gate or need a person's look (status 'review').

    `brief.facts` are complete; `source` is where the campaign's items come from.
    """
    request = compose_request(brief, prompt, brand, exemplars, spec, seed, draw)
    completion = answer_request(request, generator, cache, tally)
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
