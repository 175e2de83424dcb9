"""A line is shown as it would be delivered: with difficult values, in a whole message, findings at their characters."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.review.render import Renderer

from .conftest import NOON

pytestmark = pytest.mark.slow


@pytest.fixture
def renderer(opened: Any, office: Any) -> Renderer:
    return Renderer(
        office.project, office.state.creatives, lambda: opened.items, bootstrap.open_keys(opened.project), lambda: NOON
    )


def render(renderer: Renderer, office: Any, name: str = "c_1") -> Any:
    return renderer.render(office.creative(name))


def test_the_shortest_longest_and_most_awkward_values_are_shown_with_findings_on_them(
    renderer: Renderer, office: Any
) -> None:
    found = {"check": "words", "severity": "warning", "span": [0, 5], "type": "unknown_word", "reason": "odd"}
    slot = {**found, "span": [14, 31], "type": "slot"}
    office.add("c_1", notes={"verdict": {"status": "review", "findings": [found, slot]}})
    lines = render(renderer, office).lines
    assert [line.values for line in lines] == ["shortest", "longest", "awkward"]
    assert len(lines[0].text) < len(lines[1].text) >= len(lines[2].text)
    for line in lines:
        word, name = line.marks
        assert line.text[word.start : word.end] == "Worth"
        assert "Worth a look: " + line.text[name.start : name.end] == line.text


def test_the_whole_message_is_the_one_that_would_be_sent(renderer: Renderer, office: Any, opened: Any) -> None:
    office.add("c_1", "Worth a look, {{ person.first_name }}: {{ item.name }}, {{ item.price }}")
    message = render(renderer, office).message
    item = opened.items[message.item_id]
    assert item.family == "kettles" and item.in_stock
    assert message.subject == f"Worth a look, {message.person}: {item.name}, £{item.price}" == message.line.text
    assert item.name in message.html and item.name in message.text
    assert "reader@example.com" in message.raw.decode() and "X-" in message.raw.decode()
    assert (message.faults, message.problem, message.span) == ((), "", None)


def test_a_line_of_the_body_is_found_at_its_place_in_the_text(renderer: Renderer, office: Any) -> None:
    office.add("c_1", "We thought of you when we saw {{ item.name }}.")
    office.state.creatives.save([replace(office.creative("c_1"), block="body")])
    message = render(renderer, office).message
    assert message.text[slice(*message.span)] == message.line.text
    assert message.line.text.startswith("We thought of you when we saw ")


def test_a_pending_line_is_shown_beside_lines_in_use_and_stays_pending(renderer: Renderer, office: Any) -> None:
    office.add("c_1")
    office.add("c_2", "Good things last", approval="approved")
    two = replace(office.creative("c_2"), block="headline", rung="approved")
    office.state.creatives.save([replace(two, approved_hash=two.content_hash)])
    message = render(renderer, office).message
    assert "Good things last" in message.text and message.subject.startswith("Worth a look: ")
    assert not office.creative("c_1").usable


def test_what_would_be_replaced_in_the_message_is_said(renderer: Renderer, office: Any) -> None:
    office.add("c_1", "Worth a look and then one more look at all of this: {{ item.name }}")
    message = render(renderer, office).message
    assert any(fault.startswith("subject: ") for fault in message.faults)
    assert not message.subject.startswith("Worth a look")


def test_why_there_is_no_message_is_said(renderer: Renderer, office: Any, opened: Any) -> None:
    office.add("c_1", "{{ item.scent }}: {{ item.capacity }} of {{ item.material }}")
    assert "no item that is in stock has every fact" in render(renderer, office).message.problem
    office.add("c_2")
    office.state.creatives.save([replace(office.creative("c_2"), campaign="old")])
    shown = render(renderer, office, "c_2")
    assert "in no campaign file" in shown.message.problem and len(shown.lines) == 3
    office.add("c_3", "{{ item.nothing }} here")
    assert render(renderer, office, "c_3").lines == ()


def test_a_line_without_slots_is_shown_once(renderer: Renderer, office: Any) -> None:
    office.add("c_1", "A useful thing")
    (line,) = render(renderer, office).lines
    assert (line.values, line.text) == ("shortest, longest, awkward", "A useful thing")
