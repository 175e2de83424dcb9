"""The report's page."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from tailorbird.stages.measurement.readout import read_out
from tailorbird.stages.measurement.strata import LineStratum
from tailorbird.stages.measurement.tables import rate_rows
from tailorbird.testing.readouts import UNTIL, example_campaign, example_outcomes, example_readout
from tailorbird.types.readout import CountRow, FunnelStep, Readout, Rejected, Work
from tailorbird.web.report.page import render_report

HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(1)> & {{ 7*7 }} \" '"


class Tags(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def hostile_readout() -> Readout:
    work = Work(
        messages=1,
        lines_written=2,
        rungs={HOSTILE: {"model": 1}},
        rejected_by_reason={HOSTILE: 2},
        rejected_examples=(Rejected(HOSTILE, HOSTILE, HOSTILE, HOSTILE, (2, 9)),),
        lines_by_locale={HOSTILE: (1, 0)},
    )
    counted = [CountRow(HOSTILE, HOSTILE, 10, 1, 1, HOSTILE, HOSTILE, {HOSTILE: HOSTILE})]
    rows = rate_rows(counted, [LineStratum(HOSTILE, HOSTILE, (HOSTILE,), 10, 1, 1)], 10)
    return replace(
        example_readout(planted=HOSTILE),
        campaign=HOSTILE,
        hypothesis=HOSTILE,
        metric=HOSTILE,
        metric_event=HOSTILE,
        currency=HOSTILE,
        sentence=HOSTILE,
        work=work,
        creatives=rows,
        tags=rows,
        funnel=(FunnelStep(HOSTILE, 3, HOSTILE),),
        notes=(HOSTILE,),
    )


def test_hostile_text_from_data_stays_text() -> None:
    html = render_report(hostile_readout(), HOSTILE, [HOSTILE])
    tags = Tags(html).seen
    assert {tag for tag, _ in tags} & {"script", "img", "iframe", "link", "object"} == set()
    assert [name for _, attrs in tags for name in attrs if name.startswith("on")] == []
    assert "{{ 7*7 }}" in html


def test_the_page_loads_nothing_and_leads_nowhere() -> None:
    html = render_report(example_readout(), "wren")
    assert re.findall(r"https?://|//[a-z]+\.", html) == []
    assert "default-src 'none'" in html
    loading = [attrs for _, attrs in Tags(html).seen if attrs.keys() & {"src", "href", "srcset", "action"}]
    assert loading == []


def test_simulated_customers_and_a_planted_effect_are_labelled() -> None:
    html = render_report(example_readout(planted="0.3 added"), "wren")
    assert "SIMULATED CUSTOMERS" in html
    assert "PLANTED EFFECT" in html
    plain = render_report(example_readout(simulated=False), "wren")
    assert "SIMULATED" not in plain
    assert "PLANTED" not in plain


def test_the_verdict_stands_first_and_every_figure_has_its_sentence() -> None:
    readout = example_readout()
    html = render_report(readout, "wren")
    assert html.index(readout.sentence) < html.index("<svg")
    sections = html.split("<section")[1:]
    assert len(sections) == 12
    assert all("<h2" in section for section in sections)
    assert all(section.index("<h2") < section.index("<svg") for section in sections if "<svg" in section)


def test_a_holdout_of_three_is_shown_with_its_limit_and_no_verdict() -> None:
    readout = read_out(example_campaign(0.1), example_outcomes(27, 9, 3, 0), UNTIL, "GBP")
    html = render_report(readout, "wren")
    assert "Too few conversions for a verdict" in html
    assert "always-valid interval" in html
    assert "is not known" in html


def test_a_blocked_readout_shows_no_effect_anywhere() -> None:
    readout = read_out(example_campaign(), example_outcomes(2000, 300, 1500, 150), UNTIL, "GBP")
    html = render_report(readout, "wren")
    assert "blocked" in html
    assert "Difference in conversion" not in html
    assert 'class="chart"' not in html


def test_nobody_held_out_and_nothing_sent_still_make_a_page() -> None:
    readout = read_out(example_campaign(0.0), example_outcomes(5, 0, 0, 0), None, "")
    html = render_report(readout, "wren")
    assert "No comparison" in html
    assert "as of" not in html


def test_a_refused_draft_shows_the_fault_marked() -> None:
    assert "Your kettle is back for only <mark>£9.99</mark>" in render_report(example_readout(), "wren")


def test_a_span_outside_the_text_marks_nothing() -> None:
    work = replace(example_readout().work, rejected_examples=(Rejected("short", "b", "en", "f", (3, 99)),))
    assert "<mark>" not in render_report(replace(example_readout(), work=work), "wren")
