"""The program's page: what all messages together changed, as one HTML file in the look of the report."""

from typing import Any

from tailorbird.types.effect import Effect
from tailorbird.types.program import ProgramArm, ProgramMetric, ProgramReadout
from tailorbird.web.report.effect_plots import difference_strip, reach_of
from tailorbird.web.report.sentences import money, p_words
from tailorbird.web.templates import page_templates

_PAGES = page_templates("tailorbird.web.report")


def render_program(readout: ProgramReadout, project: str) -> str:
    """The whole page. It loads nothing from any network; all text from data is escaped."""
    return _PAGES.get_template("program.html.j2").render(
        r=readout,
        project=project,
        period=period_words(readout),
        tiles=_tiles(readout),
        metrics=[_metric(one, readout.currency) for one in readout.metrics],
        arms=[_arm(one, readout.currency) for one in (readout.program, readout.held)],
        words=_words(readout),
        p_words=p_words,
    )


def period_words(readout: ProgramReadout) -> str:
    """The period that is read: '1 June 2026 to 30 June 2026'."""
    return " to ".join(f"{moment.day} {moment:%B %Y}" for moment in (readout.since, readout.until))


def amount(metric: ProgramMetric, value: float, currency: str, signed: bool = False) -> str:
    """A value per person: money, orders, or a share of people; with a sign, a difference of it."""
    if metric.unit == "share":
        return f"{value * 100:+.2f} points" if signed else f"{value:.2%}"
    if metric.unit == "money":
        return ("+" if signed and value > 0 else "") + money(value, currency)
    return f"{value:+.4f}" if signed else f"{value:.4f}"


def total(metric: ProgramMetric, value: float, currency: str) -> str:
    """What a difference per person makes among all people of the program, with its sign."""
    if metric.unit == "money":
        return ("+" if value > 0 else "") + money(value, currency)
    return f"{value:+,.0f}"


def between(metric: ProgramMetric, effect: Effect, currency: str, whole: bool = False) -> str:
    """The interval of a difference per person, or, with `whole`, among all people of the program."""
    if whole:
        return f"{total(metric, effect.low, currency)} to {total(metric, effect.high, currency)}"
    return f"{amount(metric, effect.low, currency, True)} to {amount(metric, effect.high, currency, True)}"


def _tiles(readout: ProgramReadout) -> list[tuple[str, str, str]]:
    """(label, value, small print) of the numbers at the top."""
    shares = f"{readout.shares[-1].share:.2%} of all, planned" if readout.shares else ""
    tiles = [
        ("Could be written to", f"{readout.program.people:,}", f"{readout.program.sent:,} were sent something"),
        ("Held out of all", f"{readout.held.people:,}", shares),
    ]
    for one in readout.metrics[:2]:
        if one.total is None:
            tiles.append((f"{one.name} in all".capitalize(), "none given", "too few people"))
        else:
            small = f"{between(one, one.total, readout.currency, whole=True)}, however often you look"
            tiles.append((f"{one.name} in all".capitalize(), total(one, one.total.difference, readout.currency), small))
    return tiles


def _metric(one: ProgramMetric, currency: str) -> dict[str, Any]:
    effect = one.effect
    told = "not known" if effect is None else between(one, effect, currency)
    style = ""
    if effect is not None and effect.excludes_zero:
        style = "good" if (effect.difference > 0) == (one.better == "more") else "bad"
    difference = amount(one, effect.difference, currency, True) if effect else "–"
    return {
        "name": one.name,
        "style": style,
        "strip": difference_strip(effect, reach_of([effect] if effect else []), f"{one.name}: {difference}, {told}"),
        "difference": difference,
        "between": told,
        "program": amount(one, one.estimate.treated, currency) if effect else "–",
        "held": amount(one, one.estimate.control, currency) if effect else "–",
        "total": total(one, one.total.difference, currency) if one.total else "–",
        "total_between": between(one, one.total, currency, whole=True) if one.total else one.why,
    }


def _arm(arm: ProgramArm, currency: str) -> list[str]:
    name = "Could be written to" if arm.name == "program" else "Held out of all campaigns"
    earned = "–" if arm.margin is None else money(arm.margin, currency)
    counts = (arm.people, arm.sent, arm.buyers, arm.orders)
    return [
        name,
        *(f"{one:,}" for one in counts),
        money(arm.revenue, currency),
        earned,
        f"{arm.unsubscribed:,}",
        f"{arm.complained:,}",
    ]


def _words(readout: ProgramReadout) -> list[str]:
    words = []
    for one in readout.metrics:
        if one.effect is not None and one.unit != "share":
            words.append(f"{one.name.capitalize()}: always-valid {p_words(one.effect.p)}.")
            if one.estimate.kept < 0.995:
                words.append(f"What people did before explains {1 - one.estimate.kept:.0%} of its variance.")
        if one.effect is not None and one.cut_off:
            words.append(f"What one person brought is cut off at {money(one.cut_off, readout.currency)}.")
    return words
