"""The bias audit: power for a planted gap in the offer, false discoveries without one, and exactly zero where withheld.

    python benchmarks/bias.py [--seed N] [--json] [--data ResumeNames.csv.gz] [--runs N] [--audits N] [--people N]

Everything is made of messages of the example shop with simulated customers, through the real pipeline:

- power_offer_gap: the share of audits that find a gap in the offer: a feature names the item by gender, and one
  gender's is the same kettle for 5 % more. Each audit draws its own contexts.
- power_noisy_offer: the share of tests that find 5 % on the price of one group where the offer has chance of its own:
  each persona's discount is drawn anew from 0, 5, 10, 15 and 20 %. Without the exact rule, among all measures.
- false_discoveries: the share of A/A audits with a finding, in four pairs of groups and all measures: both groups are
  the same people, decided for with other draws. Nothing is there: every finding is false, the share is the rate.
- false_discoveries_delivered: the same of deliveries, inside cells and over all: people are put into groups by lot.
- withheld_pairs, withheld_differing: pairs that consent withholds, and how many of them differ in any byte.
- name_pairs, name_beyond_slot: pairs of first names, and how many differ in more than the printed name. --data: a table
  with name and ethnicity, origin or gender; else our own list.

The default takes under a minute on a quiet machine; --runs 2000 --audits 40 is the full one.
"""

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import campaign as campaigns
import figures
import numpy as np
from numpy.typing import NDArray

from tailorbird import bootstrap
from tailorbird.cli.import_files import import_all
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.fairness.answering import Answering
from tailorbird.pipeline.fairness.counterfactual import Personas, audit_attributes
from tailorbird.pipeline.fairness.ground import Ground, open_grounds
from tailorbird.pipeline.fairness.names_file import read_names
from tailorbird.project.project import load_project
from tailorbird.stages.events.segment_wire import read_event
from tailorbird.stages.fairness.answers import MEASURES, Answer, measure_answers
from tailorbird.stages.fairness.audit_result import AttributeAudit
from tailorbird.stages.fairness.comparisons import DeliveredComparison, compare_pairs, judge_delivered, judge_pairs
from tailorbird.stages.fairness.personas import built_in_attributes
from tailorbird.stages.fairness.within_cells import compare_groups
from tailorbird.types.bias import PersonaAttribute

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "wren"
NAME = "win_back"
GENDER = PersonaAttribute("gender", {"men": ("man",), "women": ("woman",)}, trait="gender")
CONTEXTS, DRAWS, PAIRS, FLIPS = 200, 12, 4, 2_000
DISCOUNTS = (0.0, 0.05, 0.10, 0.15, 0.20)
GAP = 0.05
DEARER = """
- name: last_item
  kind: sql
  purpose: personalization
  query: |
    SELECT person_id, as_of, CASE WHEN max(json_extract_string(traits, '$.gender')) = 'woman' THEN 'hobbin-dear'
      ELSE 'hobbin-kettle' END AS last_item
    FROM events WHERE contains(traits, 'gender') GROUP BY person_id, as_of
"""
PRICE = list(MEASURES).index("offer_price")


def shop(folder: Path, people: int, seed: int, purpose: str) -> Path:
    """The example shop in which everybody has a gender, a feature reads it for `purpose`, and briefs go by it."""
    project = campaigns.fill(EXAMPLE, folder, NAME, people, seed)
    root = project.root
    log = bootstrap.open_log(project)
    moment = campaigns.moment_of(project, NAME)
    for at in range(people):
        told = {"type": "identify", "userId": f"c{at + 1:05d}", "messageId": f"gender-{at}",
                "timestamp": "2026-05-30T10:00:00Z", "traits": {"gender": ("man", "woman")[at % 2]}}  # fmt: skip
        log.append_lines([read_event("identify", json.dumps(told).encode(), moment).events])
    log.close()
    features, file = root / "features" / "features.yaml", root / "campaigns" / f"{NAME}.yaml"
    defined = f"\n- {{name: gender, kind: last, field: traits.gender, purpose: {purpose}}}\n"
    features.write_text(features.read_text() + defined)
    file.write_text(re.sub(r"lattice:\n(    - .*\n)+", "lattice:\n    - [gender]\n", file.read_text()))
    return root


def open_shop(root: Path, rng: np.random.Generator, contexts: int) -> Ground:
    """The ground of an audit with so many contexts."""
    project = load_project(root)
    moment, log = campaigns.moment_of(project, NAME), bootstrap.open_log(project)
    try:
        return open_grounds(
            project, project.campaign(NAME), moment, bootstrap.open_state(project), log,
            bootstrap.open_warehouse(project), bootstrap.open_keys(project), contexts, rng, Quiet(),
        )  # fmt: skip
    finally:
        log.close()


def plant(root: Path) -> None:
    """Women are shown the same kettle as men, for 5 % more: a feature names the item by gender."""
    items, features = root / "catalog" / "items.csv", root / "features" / "features.yaml"
    file = root / "campaigns" / f"{NAME}.yaml"
    kettle = next(line for line in items.read_text().splitlines() if line.startswith("hobbin-kettle,"))
    dearer = kettle.replace("hobbin-kettle,", "hobbin-dear,").replace(",48.00,", f",{48 * (1 + GAP):.2f},")
    items.write_text(f"{items.read_text()}{dearer}\n")
    features.write_text(re.sub(r"- name: last_item\n(  .*\n)+", "", features.read_text()) + DEARER)
    file.write_text(file.read_text().replace("source: bought_together", "source: last_item"))
    project = load_project(root)
    import_all(project, list(project.settings.imports), None, Quiet())


def swap(ground: Ground, attribute: PersonaAttribute, rng: np.random.Generator) -> AttributeAudit:
    """One attribute, swapped in the ground's contexts."""
    personas = Personas(ground, bootstrap.open_warehouse(ground.project))
    (audited,) = audit_attributes(personas, [attribute], rng, True, FLIPS, Quiet())
    return audited


def with_contexts(ground: Ground, count: int, rng: np.random.Generator) -> Ground:
    """The same ground with other contexts."""
    drawn = rng.permutation(len(ground.contexts))[:count].tolist()
    return replace(ground, contexts=tuple(sorted(ground.contexts[at] for at in drawn)))


def share(name: str, hits: int, count: int, unit: str, goal: str) -> dict[str, Any]:
    """A share with Wilson's interval, and its goal."""
    return figures.judged(figures.share(name, hits, count, unit), goal)


def counted(name: str, value: int, unit: str, goal: str | None = None) -> dict[str, Any]:
    """A count."""
    return figures.judged({"name": name, "value": value, "unit": unit}, goal)


def planted_power(root: Path, audits: int, rng: np.random.Generator) -> tuple[dict[str, Any], AttributeAudit]:
    """How often a planted gap is found and named, and the last audit."""
    plant(root)
    ground, found = open_shop(root, rng, 10_000), 0
    for _ in range(audits):
        audited = swap(with_contexts(ground, CONTEXTS, rng), GENDER, rng)
        found += any(each.measure == "offer_price" and each.group == "women" for each in audited.findings)
    unit = f"of {audits} audits of {CONTEXTS} contexts"
    return share("power_offer_gap", found, audits, unit, "value >= 0.9"), audited


def draws_of(ground: Ground) -> list[list[Answer]]:
    """The same people, decided for with other random draws each time."""
    world = Personas(ground, bootstrap.open_warehouse(ground.project)).unchanged()
    steps = (replace(ground.campaign, step=f"draw-{number}") for number in range(DRAWS))
    return [Answering(replace(ground, campaign=drawn)).ask(world) for drawn in steps]


def pair_of(measured: NDArray[np.float64], rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two different draws of each context, as if they were two groups' messages."""
    first = rng.integers(0, DRAWS, measured.shape[1])
    second = (first + rng.integers(1, DRAWS, measured.shape[1])) % DRAWS
    rows = np.arange(measured.shape[1])
    return measured[first, rows], measured[second, rows]


def false_discoveries(measured: NDArray[np.float64], runs: int, rng: np.random.Generator) -> dict[str, Any]:
    """The share of A/A audits with a finding."""
    wrong = 0
    for _ in range(runs):
        family = []
        for number in range(PAIRS):
            family += compare_pairs("a", f"b{number}", "c", "", *pair_of(measured, rng), rng, FLIPS)
        wrong += any(each.flagged for each in judge_pairs(family, exact=False))
    unit = f"of {runs} A/A audits of {measured.shape[1]} contexts, {PAIRS * len(MEASURES)} tests each"
    return share("false_discoveries", wrong, runs, unit, "value <= 0.05")


def noisy_power(measured: NDArray[np.float64], runs: int, rng: np.random.Generator) -> dict[str, Any]:
    """How often 5 % on one group's price is found where every persona's discount is drawn anew."""
    found = 0
    for _ in range(runs):
        base, other = pair_of(measured, rng)
        other[:, PRICE] = base[:, PRICE] * (1 + GAP)
        for side in (base, other):
            side[:, PRICE] = np.round(side[:, PRICE] * (1 - rng.choice(DISCOUNTS, len(side))))
        tested = judge_pairs(compare_pairs("a", "b", "c", "", other, base, rng, FLIPS), exact=False)
        found += any(each.measure == "offer_price" and each.flagged for each in tested)
    return share("power_noisy_offer", found, runs, f"of {runs} tests of {measured.shape[1]} contexts", "value >= 0.9")


def false_deliveries(answers: Sequence[Answer], runs: int, rng: np.random.Generator) -> dict[str, Any]:
    """The share of A/A comparisons of deliveries with a finding: people are put into groups by lot."""
    measured = measure_answers([answers])
    cells = np.unique([f"{each.cell}|{each.locale}" for each in answers], return_inverse=True)[1]
    languages = np.unique([each.locale for each in answers], return_inverse=True)[1]
    wrong = 0
    for _ in range(runs):
        group = rng.integers(0, PAIRS + 1, len(answers))
        family = [
            DeliveredComparison("a", str(number), "0", measure, "", strata is cells,
                                compare_groups(measured[two, at], group[two] == number, strata[two]))
            for number in range(1, PAIRS + 1)
            for two in [np.isin(group, (0, number))]
            for at, measure in enumerate(MEASURES)
            for strata in (cells, languages)
        ]  # fmt: skip
        wrong += any(each.flagged for each in judge_delivered(family, 30))
    unit = f"of {runs} splits of {len(answers)} people by lot, {PAIRS * len(MEASURES) * 2} tests each"
    return share("false_discoveries_delivered", wrong, runs, unit, "value <= 0.05")


def withheld(root: Path, planted: AttributeAudit, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Pairs that consent withholds: where nobody was asked for the purpose, and where the people of the planted shop
    allow nothing else; and how many of them differ."""
    unasked = swap(open_shop(root, rng, CONTEXTS), GENDER, rng)
    passages = [unasked.passage, unasked.denied, planted.passage, planted.denied]
    return [
        counted("withheld_pairs", sum(p.withheld for p in passages), "pairs"),
        counted(
            "withheld_differing", sum(p.leaked for p in passages) + unasked.passage.differing, "pairs", "value <= 0"
        ),
    ]


def names(ground: Ground, data: Path | None, rng: np.random.Generator) -> list[dict[str, Any]]:
    """First names in a few contexts, and what differs beyond the printed name."""
    given = read_names(data, bootstrap.open_warehouse(ground.project)) if data else built_in_attributes("en")
    passage = swap(with_contexts(ground, 40, rng), given[0], rng).passage
    beyond: Mapping[str, int] = {door: count for door, count in passage.doors.items() if door != "slot"}
    return [
        counted("name_pairs", passage.pairs, f"pairs of {len(given[0].groups)} groups"),
        counted("name_beyond_slot", sum(beyond.values()), "pairs", "value <= 0"),
    ]


def main() -> None:
    """Measure and print."""
    parser = figures.options(__doc__, "a table of names, such as the public ResumeNames.csv (default: our own list)")
    parser.add_argument("--runs", type=int, default=300, help="A/A audits, and tests of a noisy offer (full: 2000)")
    parser.add_argument("--audits", type=int, default=12, help="audits of the planted gap (full: 40)")
    parser.add_argument("--people", type=int, default=1500, help="how many simulated customers")
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        unasked = shop(Path(folder) / "unasked", given.people, given.seed, "sensitive_profiling")
        planted = shop(Path(folder) / "planted", given.people, given.seed, "personalization")
        power, last = planted_power(planted, given.audits, rng)
        ground = open_shop(unasked, rng, 10_000)
        draws = draws_of(with_contexts(ground, CONTEXTS, rng))
        measured = np.array([measure_answers([draw]) for draw in draws])
        metrics = [
            power,
            noisy_power(measured, given.runs, rng),
            false_discoveries(measured, given.runs, rng),
            false_deliveries(draws_of(ground)[0], given.runs, rng),
            *withheld(unasked, last, rng),
            *names(ground, given.data, rng),
        ]
    data = given.data or "the example shop, our own names"
    found = figures.report("bias", data, given.people, given.seed, ("tailorbird", "numpy", "duckdb"), metrics)
    figures.show(found, given.json)


if __name__ == "__main__":
    main()
