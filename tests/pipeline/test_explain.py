"""Why one person is in an audience."""

from typing import Any

import pytest

from tailorbird.pipeline.audiences import UnknownAudienceError
from tailorbird.pipeline.explain import UnknownPersonError, explain_person

pytestmark = pytest.mark.slow


def test_the_explanation_agrees_with_the_selection(opened: Any) -> None:
    for row in (opened.selection.treated[0], opened.selection.holdout[0]):
        person = opened.selection.profiles[row].person_id
        found = explain_person(opened.project, "lapsed", person, opened.moment, opened.warehouse)
        assert found.included
    withheld = next(p.person_id for p in opened.selection.profiles if not p.consents.get("email_marketing"))
    found = explain_person(opened.project, "lapsed", withheld, opened.moment, opened.warehouse)
    assert not found.included
    assert "withheld" in found.reason


def test_unknown_names_are_told(opened: Any) -> None:
    unknown = ((UnknownAudienceError, "lapsd", "x", "'lapsed'"), (UnknownPersonError, "lapsed", "x", "no person 'x'"))
    for error, audience, person, told in unknown:
        with pytest.raises(error, match=told):
            explain_person(opened.project, audience, person, opened.moment, opened.warehouse)
