"""The report's page: one HTML file with everything inside, to open, mail, print and keep."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from tailorbird.types.readout import RateRow, Readout, Rejected, Work
from tailorbird.web.report import findings, plots, sentences
from tailorbird.web.templates import page_templates

WIDE, NARROW = 720, 320
ROWS_MAX = 40

_PAGES = page_templates("tailorbird.web.report")


def render_report(readout: Readout, project: str, notes: Sequence[str] = ()) -> str:
    """The whole page. It loads nothing from any network; all text from data is escaped.

    `project` is the project's name; `notes` are sentences shown under the verdict, after the read-out's own.
    """
    template = _PAGES.get_template("report.html.j2")
    return template.render(
        r=readout,
        project=project,
        as_of=f"{readout.until.day} {readout.until:%B %Y, %H:%M} UTC" if readout.until else "",
        notes=(*readout.notes, *notes),
        s=_sentences(readout),
        tiles=_tiles(readout),
        funnel=_funnel(readout),
        charts=_charts(readout),
        arms=[sentences.arm_words(arm, readout.currency) for arm in (readout.treated, readout.holdout)],
        cost=_cost(readout),
        rungs=_rungs(readout.work),
        tags=_groups(readout.tags),
        creatives=_groups(readout.creatives),
        same=[(row, sentences.readable(row.text)) for row in readout.same_for_all],
        reasons=_reasons(readout.work),
        rejected=[_marked(one) for one in readout.work.rejected_examples],
        comparisons=findings.comparisons(readout),
        credit=findings.credit(readout),
        worth=findings.worth(readout),
        money=lambda amount: sentences.money(amount, readout.currency),
        p_words=sentences.p_words,
    )


def _sentences(readout: Readout) -> dict[str, str]:
    work = readout.work
    effect, value = readout.effect, readout.value_effect
    return {
        "funnel": sentences.funnel_sentence(readout),
        "lift": sentences.lift_sentence(readout),
        "lift_words": sentences.effect_words(effect, readout.alpha) if effect else "",
        "money": sentences.money_sentence(readout),
        "money_words": (
            f"Difference {sentences.money(value.difference, readout.currency)} a person, interval at every look "
            f"[{sentences.money(value.low, readout.currency)}, {sentences.money(value.high, readout.currency)}], with "
            f"what one person brought cut off at {sentences.money(readout.value_cap or 0, readout.currency)}."
            if value
            else ""
        ),
        "cost": sentences.cost_sentence(readout),
        "rungs": sentences.rungs_sentence(work),
        "tags": sentences.rows_sentence(readout.tags, "tag"),
        "creatives": sentences.rows_sentence(readout.creatives, "line"),
        "same": sentences.same_sentence(readout.same_for_all),
        "rejected": sentences.rejected_sentence(work),
        "work": sentences.work_sentence(work),
    }


def _tiles(readout: Readout) -> list[tuple[str, str, str]]:
    """(label, value, small print) of the numbers at the top."""
    effect = readout.effect
    lift = f"{effect.difference * 100:+.1f} points" if effect else "none given"
    between = (
        f"{effect.low * 100:+.1f} to {effect.high * 100:+.1f}, however often you look" if effect else _no_lift(readout)
    )
    if readout.verdict == "too_few":
        between = "too few conversions for a verdict"
    work = readout.work
    return [
        ("Treated", f"{readout.treated.people:,}", f"{readout.treated.rate:.1%} converted"),
        ("Held out", f"{readout.holdout.people:,}", f"{readout.holdout.rate:.1%} converted"),
        ("Lift", lift, between),
        ("Cost of writing", sentences.money(work.cost_micros / 1e6, readout.currency), _calls(work)),
    ]


def _no_lift(readout: Readout) -> str:
    return "the split is off" if readout.verdict == "blocked" else "nothing to compare"


def _calls(work: Work) -> str:
    return f"{work.model_calls:,} model calls for {work.messages:,} messages"


def _funnel(readout: Readout) -> list[dict[str, Any]]:
    widest = max((step.people for step in readout.funnel), default=0) or 1
    return [
        {
            "name": step.name,
            "people": f"{step.people:,}",
            "meaning": step.meaning,
            "bar": plots.bar([(step.people / widest, "treatment")], f"{step.name}: {step.people:,}"),
        }
        for step in readout.funnel
    ]


def _charts(readout: Readout) -> dict[str, tuple[Markup, Markup]]:
    """Each chart (wide, narrow); none without a comparison."""
    points = readout.lift_over_time
    if not points:
        return {}
    return {
        "lift": (plots.lift_chart(points, WIDE, 300), plots.lift_chart(points, NARROW, 240)),
        "arms": (plots.arms_chart(points, WIDE, 260), plots.arms_chart(points, NARROW, 220)),
    }


def _cost(readout: Readout) -> dict[str, Any] | None:
    cost = sentences.incremental_cost(readout)
    if cost is None or not cost[2]:
        return None
    low, middle, high = (sentences.money(value, readout.currency) for value in cost)
    bar = plots.range_bar(*cost, f"Cost of one more order: {middle}, between {low} and {high}")
    return {"bar": bar, "low": low, "middle": middle, "high": high}


def _rungs(work: Work) -> list[dict[str, Any]]:
    rows = []
    for block, counts in work.rungs.items():
        total = sum(counts.values()) or 1
        parts = [(counts.get(rung, 0) / total, f"rung-{rung}") for rung in ("model", "approved", "template")]
        words = ", ".join(f"{rung} {number:,}" for rung, number in counts.items() if number)
        rows.append({"block": block, "bar": plots.bar(parts, f"{block}: {words}"), "words": words})
    return rows


def _groups(rows: Sequence[RateRow]) -> list[dict[str, Any]]:
    """Rows by block, each with its dot strip; one axis for all of a block."""
    groups = []
    for block in dict.fromkeys(row.counts.block for row in rows):
        of_block = [row for row in rows if row.counts.block == block]
        shown = sorted(of_block[:ROWS_MAX], key=sentences.group_of)
        known = [row.conversions for row in shown if row.conversions.high < 1]
        widest = [rate.high for rate in known] or [2 * row.conversions.shrunk for row in shown]
        end = plots.ticks(0, max(widest, default=1.0) or 1.0)[-1]
        entries = [
            {
                "row": row,
                "name": sentences.readable(row.counts.text or row.counts.key),
                "strip": plots.strip(
                    row.conversions, end, f"{sentences.name_of(row)}: {row.conversions.shrunk:.1%} converted"
                ),
            }
            for row in shown
        ]
        groups.append(
            {"block": block, "rows": entries, "end": plots.share_label(end), "left": len(of_block) - len(shown)}
        )
    return groups


def _reasons(work: Work) -> list[dict[str, Any]]:
    most = max(work.rejected_by_reason.values(), default=0) or 1
    ordered = sorted(work.rejected_by_reason.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        {
            "name": sentences.plain_reason(reason),
            "count": f"{number:,}",
            "bar": plots.bar([(number / most, "refused")], f"{sentences.plain_reason(reason)}: {number:,}"),
        }
        for reason, number in ordered
    ]


def _marked(example: Rejected) -> dict[str, Any]:
    """A refused draft with the fault marked, where the span lies inside the text."""
    start, end = example.span
    text: Markup = escape(example.text)
    if 0 <= start < end <= len(example.text):
        before, fault, after = example.text[:start], example.text[start:end], example.text[end:]
        text = Markup("{}<mark>{}</mark>{}").format(before, fault, after)
    return {"text": text, "where": f"{example.block}, {example.locale}", "finding": example.finding}
