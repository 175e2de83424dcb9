"""The example shop's copy: every line with every product, what may not be said, and the golden cases."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.exemplars import item_rows, wide_samples
from tailorbird.pipeline.ingest import ingest
from tailorbird.pipeline.judging import Judging, judge_sample
from tailorbird.pipeline.known_lines import judge_known
from tailorbird.pipeline.validation.copy_check import copy_check
from tailorbird.project.project import Project, load_project
from tailorbird.stages.briefs.compose import compose_brief
from tailorbird.stages.briefs.slot_values import item_slots
from tailorbird.stages.validation.draft import judge_draft
from tailorbird.stages.validation.forms import awkward_forms
from tailorbird.stages.validation.message import compile_message_gate, figures, judge_message
from tailorbird.types.brand import ApprovedLine
from tailorbird.types.brief import Brief, Limits, Subject
from tailorbird.types.completion import Sample
from tailorbird.types.item import Item
from tailorbird.types.policy import Policy
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Verdict

WREN = Path(__file__).resolve().parents[2] / "examples" / "wren"
LASTS = ("latherby-soap", "gorsley-gloves")
CASES = [json.loads(line) for line in (WREN / "evals" / "subject.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def project() -> Project:
    return load_project(WREN)


@pytest.fixture(scope="module")
def items(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Item]:
    state, warehouse = tmp_path_factory.mktemp("wren"), DuckdbWarehouse(threads=1)
    mapping, log = project.mappings["catalog"], SegmentLog(state / "events")
    refused, source, now = FolderQuarantine(state / "quarantine"), WREN / str(mapping.source), datetime.now(UTC)
    ingest(mapping, source, "imports/catalog.yaml", warehouse, log, refused, state, now)
    return load_catalog(warehouse, state)


def stitched(
    project: Project, items: Mapping[str, Item], line: ApprovedLine
) -> Iterator[tuple[str, dict[str, str], str]]:
    """(campaign, slot values, text) of a line in each campaign with each product that it may be shown with."""
    facts, text = project.settings.catalog.facts, SlotText.parse(line.text)
    for name in line.campaigns or tuple(project.campaigns):
        used_up = next((c.one_of for c in project.audiences[project.campaigns[name].audience].all if c.one_of), ())
        for item in items.values():
            fits = not line.families or item.family in line.families
            if fits and (name != "replenish" or item.family in used_up):
                values = {**item_slots(item, line.locale, facts), "person.first_name": "Ines"}
                # Whoever gets a reminder bought this very thing; a letter shows nothing of the family bought last.
                last = item if name == "replenish" else items[next(i for i in LASTS if items[i].family != item.family)]
                values["last_item.short_name"] = item_slots(last, line.locale, facts)["item.short_name"]
                yield name, values, text.stitch(values)


@pytest.mark.slow
def test_every_line_holds_for_every_product_that_it_may_be_shown_with(
    project: Project, items: Mapping[str, Item]
) -> None:
    faults = []
    for line in project.brand.approved:
        shown = list(stitched(project, items, line))
        assert len(shown) >= 5, line.id
        for name, values, text in shown:
            limits = {line.block: Limits(project.campaigns[name].blocks[line.block].max_chars)}
            known = [*values.values(), *figures(line.text)]
            gate = compile_message_gate(limits, project.brand, line.locale)
            if not judge_message({line.block: text}, known, gate).passed:
                faults.append((line.id, text))
            words = re.findall(r"[^\W\d_]{4,}", text.lower())
            allowed = {"noch", "that", "this", "thing", "seite", "things", "eine", "sagen"}
            if line.block != "body" and any(words.count(word) > 1 for word in set(words) - allowed):
                faults.append((line.id, text))
    assert faults == []


def test_no_line_puts_a_verb_or_one_before_or_after_a_name_that_may_be_plural(
    project: Project, items: Mapping[str, Item]
) -> None:
    names = [item.name for item in items.values()]
    assert awkward_forms(names)[0]
    verb = r"(?:is|are|was|were|has|have|ist|sind|war|waren|passt|steht|liegt|kommt|gefällt)"
    name = r"\{\{ (?:last_)?item\.(?:short_)?name \}\}"
    for line in project.brand.approved:
        assert not re.search(rf"{name} {verb}\b|\b(?:is|ist|passt) {name}|this one[?:] {name}", line.text), line.id


@pytest.mark.slow
def test_every_line_of_the_files_passes_the_gate_for_peoples_lines(project: Project, items: Mapping[str, Item]) -> None:
    facts = project.settings.catalog.facts

    def samples(names: Sequence[str], locale: str) -> Mapping[str, tuple[str, ...]]:
        return wide_samples(names, locale, items, facts)

    def rows(locale: str) -> Sequence[Mapping[str, str]]:
        return item_rows(locale, items, facts)

    for name, campaign in project.campaigns.items():
        known = [(x.block, x.locale, x.text) for x in project.brand.approved if name in (x.campaigns or (name,))]
        known += [(b, k, t) for b, texts in project.templates["letter"].lines.items() for k, t in texts.items()]
        for block, locale, text in known:
            verdict = judge_known(text, block, locale, campaign.blocks[block], project.brand, samples, rows)
            assert verdict.passed, (name, text, verdict.findings)


def judged(project: Project, items: Mapping[str, Item], text: str, locale: str, campaign: str = "win_back") -> Verdict:
    """The verdict on a model's subject in slot form."""
    brief = brief_of(project, items, campaign, locale, items["hobbin-kettle"])
    own = project.campaigns[campaign]
    samples = wide_samples([slot.name for slot in brief.slots], locale, items, project.settings.catalog.facts)
    return judge_draft(
        SlotText.parse(text), "subject", brief.limits, brief.slots, samples, brief.facts or {}, project.brand, locale,
        brief.reason, strict=True, campaign=campaign, source=own.items.source,
    )  # fmt: skip


def brief_of(project: Project, items: Mapping[str, Item], campaign: str, locale: str, item: Item) -> Brief:
    """The brief of a subject about an item's family, with this item's literals."""
    own, facts = project.campaigns[campaign], project.settings.catalog.facts
    subject = Subject("family", (("hero_family", item.family),), 1)
    brief = compose_brief(
        own, "subject", subject, locale, items.values(), project.brand, project.prompts["subject"], facts
    )
    values = {
        name: value for name, value in item_slots(item, locale, facts).items() if name in own.blocks["subject"].slots
    }
    return replace(brief, facts=values)


LAST, SHORT, NAME, PRICE = "{{ last_item.short_name }}", "{{ item.short_name }}", "{{ item.name }}", "{{ item.price }}"
FALSE = [
    (f"Yours for {PRICE}: {LAST}", "en-GB"),
    (f"From {{{{ item.origin }}}}, yours for {PRICE}: {LAST}", "en-GB"),
    (f"Made of {{{{ item.material }}}}: {LAST}", "en-GB"),
    (f"The same again: {NAME}", "en-GB"),
    (f"The same as last time: {SHORT}", "en-GB"),
    (f"Here it is again: {NAME}", "en-GB"),
    (f"Nearly out? {NAME}", "en-GB"),
    (f"Time for more: {NAME}", "en-GB"),
    (f"Still thinking it over? {SHORT}", "en-GB"),
    (f"Here is {NAME}", "en-GB"),
    ("Were nearly there. Details are on our shop", "en-GB"),
    (f"Zu haben für {PRICE}: {LAST}", "de-DE"),
    (f"Bei uns im Regal für {PRICE}: {LAST}", "de-DE"),
    (f"Zuletzt: {SHORT}. Jetzt: {LAST}.", "de-DE"),
    (f"Noch in deinem Korb: {NAME}", "de-DE"),
    (f"In deinem Korb: {SHORT}", "de-DE"),
    ("Dein Korb steht noch da", "de-DE"),
    (f"Noch einmal dasselbe: {NAME}", "de-DE"),
    (f"Hier noch einmal: {NAME}", "de-DE"),
    (f"Noch einmal für {PRICE}: {NAME}", "de-DE"),
    (f"Fast leer? {NAME}", "de-DE"),
    (f"Zeit für Nachschub: {NAME}", "de-DE"),
    (f"Eine idee für dich: {NAME}", "de-DE"),
    (f"Etwas für haus und garten: {NAME}", "de-DE"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("text", "locale"), FALSE)
def test_what_is_false_in_a_win_back_is_never_approved_unread(
    project: Project, items: Mapping[str, Item], text: str, locale: str
) -> None:
    assert not judged(project, items, text, locale).passed


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        (f"Worth another look: {NAME}", "en-GB"),
        (f"We picked this for you: {SHORT}", "en-GB"),
        (f"After your {LAST}: {SHORT}", "en-GB"),
        (f"Einen zweiten Blick wert: {NAME}", "de-DE"),
        (f"Zuletzt: {LAST}. Jetzt: {SHORT}.", "de-DE"),
    ],
)
def test_plain_true_lines_still_pass(project: Project, items: Mapping[str, Item], text: str, locale: str) -> None:
    assert judged(project, items, text, locale).findings == ()


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_golden_cases_are_judged_as_they_say(
    project: Project, items: Mapping[str, Item], case: dict[str, Any]
) -> None:
    locale, campaign = str(case["locale"]), str(case["campaign"])
    brief = brief_of(project, items, campaign, locale, items[str(case["item_id"])])
    samples = wide_samples([slot.name for slot in brief.slots], locale, items, project.settings.catalog.facts)
    source, policy = project.campaigns[campaign].items.source, Policy("email", "", brief.block, attended=False)
    check = copy_check(project, bootstrap.open_validator(), items, datetime.now(UTC))
    shown = (str(case["item_id"]),)
    judging = Judging(project.brand, frozenset(), samples, source, check, shown, policy)

    def findings(line: object) -> set[str]:
        _, _, steps = judge_sample(Sample(str(line), True), brief, 0, judging)
        return {finding.type for finding in steps[0].findings}

    for line in case["usable"]:
        assert findings(line) == set(), line
    for wrong in case["unusable"]:
        assert wrong["finding"] in findings(wrong["text"]), wrong["text"]
