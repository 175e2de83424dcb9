"""From a brief to a request: system turn, exemplar turns, the brief's own turn. The words are the prompt file's."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError

from tailorbird.stages.generation.grammar import literal_grammar
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief
from tailorbird.types.campaign import GenerationSpec
from tailorbird.types.completion import CompletionRequest
from tailorbird.types.draft import Objection
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.prompt import Prompt

_NAMES = ("item.name", "item.short_name")
# Characters per token, pessimistic: English copy measured 3.2 and more; compound nouns take more tokens.
_CHARS_PER_TOKEN: Mapping[str, float] = {"en": 3.2}
_SPARE_TOKENS = 6
_SHORT_BLOCK = 45
_LINE_BLOCK = 80


class PromptError(TailorbirdError):
    """A prompt that cannot be filled in. The message names the file, the section and what is wrong."""


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A line that a person approved, filled in with a real item's facts: how the model learns the voice.

    `items` are the ids of the items that it names.
    """

    reason: str
    facts: Mapping[str, str]
    line: str
    items: tuple[str, ...] = ()


def budget_facts(brief: Brief, draw: int) -> dict[str, str]:
    """The facts of one draw: the required ones, one name of the item, and others that rotate with `draw`.

    A small model that sees every fact lists them all; with one or two it writes a line. So a short block gets the
    name alone, then the name and one other; a longer block one other, then two.
    """
    facts = dict(brief.facts or {})
    required = [slot.name for slot in brief.slots if slot.required and slot.name in facts]
    names = [name for name in _NAMES if name in facts]
    chosen = list(required)
    if names and not any(name in required for name in names):
        short = "item.short_name" in names and (draw % 2 == 1 or brief.limits.max_chars <= _SHORT_BLOCK)
        chosen.append("item.short_name" if short else names[0])
    others = [name for name in facts if name not in chosen and name not in _NAMES]
    count = draw % 2 + (0 if brief.limits.max_chars <= _LINE_BLOCK and chosen else 1)
    count = min(len(others), count)
    if count:
        start = int(hashlib.sha256(brief.brief_id.encode()).hexdigest(), 16) + draw
        chosen += [others[(start + i) % len(others)] for i in range(count)]
    return {name: facts[name] for name in facts if name in chosen}


def compose_request(
    brief: Brief,
    prompt: Prompt,
    brand: Brand,
    exemplars: Sequence[Exemplar],
    spec: GenerationSpec,
    seed: int,
    draw: int = 0,
    objections: Sequence[Objection] = (),
) -> CompletionRequest:
    """The request for one draw of a brief, for half of the campaign's candidates.

    `objections` are what was wrong with the last draw: only the brief's own turn is told. All turns before the last are
    equal for every brief of one block and locale, so that a server computes them once.
    Raises PromptError where the prompt's Liquid cannot be filled.
    """
    shared = _shared(brand, brief.block, brief.limits.max_chars, brief.locale)
    facts = budget_facts(brief, draw)
    messages = [("system", _render(prompt, "system", shared))]
    for exemplar in exemplars[: prompt.examples]:
        messages.append(("user", _render(prompt, "user", _turn(shared, exemplar.reason, exemplar.facts))))
        messages.append(("assistant", exemplar.line))
    messages.append(("user", _render(prompt, "user", _turn(shared, brief.reason, facts, objections))))
    per_token = _CHARS_PER_TOKEN.get(_language(brief.locale), 2.6)
    return CompletionRequest(
        messages=tuple(messages),
        candidates=max(1, (spec.candidates + 1) // 2),
        max_tokens=round(brief.limits.max_chars / per_token) + _SPARE_TOKENS,
        seed=(seed + int(hashlib.sha256(f"{brief.brief_id}|{draw}".encode()).hexdigest()[:8], 16)) % 2**31,
        temperature=spec.temperature,
        grammar=literal_grammar(facts.values()),
    )


def try_prompt(
    prompt: Prompt, brand: Brand, block: str, max_chars: int, locale: str, reason: str, slots: Sequence[str]
) -> None:
    """Fill both sections as a run would, with a stand-in for every slot, and with one alone: PromptError if it fails.

    A name that nothing defines is found here, before anybody waits for a model.
    """
    shared = _shared(brand, block, max_chars, locale)
    _render(prompt, "system", shared)
    for names, told in ((slots, ()), (slots[:1], (Objection("words", "why", "type"), Objection("", "why", "type")))):
        _render(prompt, "user", _turn(shared, reason, {name: _label(name) for name in names}, told))


def _shared(brand: Brand, block: str, max_chars: int, locale: str) -> dict[str, object]:
    """What both sections may use."""
    return {
        "brand": {"name": brand.name, "sector": brand.sector},
        "voice": brand.voice.get(locale, ""),
        "block": block,
        "max_chars": max_chars,
        "locale": locale,
        "language": _language(locale),
    }


def _language(locale: str) -> str:
    return locale.replace("_", "-").split("-")[0].lower()


def _turn(
    shared: Mapping[str, object], reason: str, facts: Mapping[str, str], objections: Sequence[Objection] = ()
) -> dict[str, object]:
    rows = [{"slot": name, "label": _label(name), "value": value} for name, value in facts.items()]
    return {**shared, "reason": reason, "facts": rows, "findings": [asdict(one) for one in objections]}


def _label(slot: str) -> str:
    return slot.split(".", 1)[1].replace("_", " ")


@lru_cache(maxsize=64)
def _template(text: str) -> BoundTemplate:
    return Environment(undefined=StrictUndefined).from_string(text)


def _render(prompt: Prompt, section: str, values: Mapping[str, object]) -> str:
    try:
        return _template(getattr(prompt, section)).render(**values).strip()
    except LiquidError as problem:
        what = str(problem).partition("\n")[0]
        there = ", ".join(sorted({*values, "brand.name", "brand.sector"} - {"brand"}))
        raise PromptError(f"{prompt.path}: section '{section}': {what}; there are: {there}") from problem
