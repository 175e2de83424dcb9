"""Who may do what with a line, and what follows."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tailorbird.pipeline.review.desk import UnknownLineError
from tailorbird.pipeline.review.judge import ReviewError
from tailorbird.pipeline.review.person import NotAllowedError
from tailorbird.ports.review_queue import ReviewConflictError
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.review import QueueFilter
from tailorbird.types.review_policy import Reviewer

from .conftest import POLICY

LEGAL = "Save on {{ item.name }}"


def test_one_reviewer_approves_an_ordinary_line_and_it_may_be_used(office: Any) -> None:
    office.add("c_1")
    (entry,) = office.entries()
    assert (entry.reasons, entry.needs) == (("new_prompt", "new_model"), ("reviewer",))
    told = office.approve("c_1", "Ana", seen=content_hash(office.creative("c_1").text)[:12], reason="reads well")
    assert told.creative.usable and told.entry.state == "done"
    assert office.entries() == []
    assert [r["by"] for r in office.state.creatives.reviews("c_1")] == ["Ana"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Ana", "ana@wren.example", " ANA "])
def test_an_author_does_not_approve_their_own_and_somebody_else_does(office: Any, name: str) -> None:
    office.add("c_1", notes={"prompt_authors": ["ana@wren.example"]})
    with pytest.raises(NotAllowedError, match="had a hand in this line"):
        office.approve("c_1", name)
    assert not office.creative("c_1").usable
    assert office.approve("c_1", "Ben").creative.usable


def test_authors_of_brand_lines_and_owners_of_a_model_s_campaign_are_authors_too(open_office: Any) -> None:
    policy = replace(POLICY, people={**POLICY.people, "Ada": Reviewer(("admin",), also=("lifecycle@wren.example",))})
    office = open_office(policy)
    office.add("c_1", notes={"author": "Ben"}, rung="approved", brief_id="")
    office.add("c_2")
    for name, author in (("c_1", "Ben"), ("c_2", "Ada")):
        with pytest.raises(NotAllowedError, match=f"{author} had a hand"):
            office.approve(name, author)
        assert office.approve(name, "Ana").creative.usable


def test_an_edit_voids_the_approval_and_its_editor_does_not_approve_it(office: Any) -> None:
    office.add("c_1")
    office.approve("c_1", "Ana")
    edited = office.desk.edit("c_1", office.who("Ben"), "Another look: {{ item.name }}").creative
    assert not office.creative("c_1").usable and not edited.usable
    assert (edited.version, office.entries()[0].reasons) == (2, ("edited",))
    with pytest.raises(NotAllowedError):
        office.approve(edited.creative_id, "Ben")
    again = office.desk.edit(edited.creative_id, office.who("Ana"), "A last look: {{ item.name }}").creative
    for editor in ("Ana", "Ben"):
        with pytest.raises(NotAllowedError, match="had a hand"):
            office.approve(again.creative_id, editor)
    assert office.approve(again.creative_id, "Max").creative.usable


def test_a_text_that_changes_under_its_id_loses_its_approval_and_waits_again(office: Any) -> None:
    office.add("c_1")
    read = office.approve("c_1", "Ana").creative
    changed = office.creative("c_1")
    office.state.creatives.save([type(changed)(**{**fields(changed), "text": "New", "content_hash": "h" * 64})])
    assert not office.creative("c_1").usable
    (entry,) = office.entries()
    assert entry.reasons[0] == "changed" and entry.needs == ("reviewer",)
    with pytest.raises(ReviewConflictError, match="not the one that was read"):
        office.approve("c_1", "Ben", seen=read.content_hash)
    assert office.approve("c_1", "Ben", seen="h" * 12).creative.usable


def fields(creative: Any) -> dict[str, Any]:
    return {name: getattr(creative, name) for name in creative.__dataclass_fields__}


def test_a_legal_line_goes_when_a_reviewer_and_a_lawyer_approved_it_in_any_order(office: Any) -> None:
    for first, second in (("Ana", "Lea"), ("Lea", "Ana"), ("Max", "Ben")):
        name = f"c_{first}"
        office.add(name, LEGAL)
        half = office.approve(name, first)
        assert not half.creative.usable and len(half.entry.needs) == 1
        with pytest.raises(NotAllowedError):
            office.approve(name, first)
        assert office.approve(name, second).creative.usable


def test_a_half_approved_line_whose_text_changes_needs_both_again(office: Any) -> None:
    office.add("c_1", LEGAL)
    office.approve("c_1", "Lea")
    changed = office.creative("c_1")
    text = "Save more on {{ item.name }}"
    office.state.creatives.save(
        [type(changed)(**{**fields(changed), "text": text, "content_hash": content_hash(text)})]
    )
    assert office.entries()[0].needs == ("reviewer", "legal")
    assert office.approve("c_1", "Lea").entry.needs == ("reviewer",)


def test_roles_that_review_nothing_and_strangers_are_refused(office: Any) -> None:
    office.add("c_1")
    with pytest.raises(NotAllowedError, match="Dan is data"):
        office.approve("c_1", "Dan")
    with pytest.raises(NotAllowedError, match="reviews no lines"):
        office.desk.reject("c_1", office.who("Dan"), "no")
    with pytest.raises(NotAllowedError, match="names no 'Ann'; did you mean 'Ana'"):
        office.who("Ann")
    with pytest.raises(ReviewError, match="--by NAME"):
        office.who("  ")
    with pytest.raises(UnknownLineError, match="no creative 'c_9'"):
        office.approve("c_9", "Ana")


def test_a_rejection_needs_a_reason_and_holds_until_somebody_says_that_they_mean_it(office: Any) -> None:
    office.add("c_1")
    with pytest.raises(ReviewError, match="say why you reject it"):
        office.desk.reject("c_1", office.who("Ana"), " ")
    assert office.desk.reject("c_1", office.who("Ana"), "dry").creative.approval == "rejected"
    with pytest.raises(ReviewConflictError, match="rejected already, by Ana"):
        office.desk.reject("c_1", office.who("Ben"), "dry")
    with pytest.raises(ReviewConflictError, match="rejected, by Ana; if you disagree"):
        office.approve("c_1", "Ben")
    with pytest.raises(ReviewConflictError, match="rejected, by Ana; if you disagree"):
        office.desk.edit("c_1", office.who("Ben"), "Another")
    assert office.approve("c_1", "Ben", again=True).creative.usable
    with pytest.raises(ReviewConflictError, match="approved already, by Ben"):
        office.approve("c_1", "Max")
    assert office.desk.reject("c_1", office.who("Max"), "no").creative.approval == "rejected", "an approved one too"


def test_the_last_resort_cannot_be_rejected_whoever_wrote_it_too(office: Any) -> None:
    text = office.project.templates["letter"].lines["subject"]["en-GB"]
    office.add("c_1", text, rung="approved")
    with pytest.raises(ReviewError, match="last resort"):
        office.desk.reject("c_1", office.who("Ana"), "dull")


def test_comments_stay_and_change_nothing_and_hold_no_personal_data(office: Any) -> None:
    office.add("c_1")
    before = office.entries()[0]
    office.desk.comment("c_1", office.who("Dan"), "ask eve@example.org, 020 7946 0958")
    (act,) = office.state.review_record.acts("c_1")
    assert (act.act, act.by, act.text) == ("comment", "Dan", "ask [email], [phone]")
    assert office.entries() == [before]
    with pytest.raises(ReviewError, match="say what you think"):
        office.desk.comment("c_1", office.who("Dan"), "")
    with pytest.raises(ReviewError, match="too many"):
        office.desk.comment("c_1", office.who("Dan"), "x" * 2001)


def test_an_escalated_line_needs_the_role_s_approval_too_and_stays_with_people(office: Any) -> None:
    office.add("c_1")
    told = office.desk.escalate("c_1", office.who("Ana"), "data", "is 3 in 4 right?").entry
    assert (told.assigned, told.needs, told.reasons[-1]) == ("data", ("reviewer", "data"), "escalated")
    assert [e.creative_id for e in office.entries(role="data")] == ["c_1"]
    assert office.approve("c_1", "Dan").entry.needs == ("reviewer",)
    assert office.approve("c_1", "Ana").creative.usable
    with pytest.raises(ReviewConflictError, match="waits for nobody"):
        office.desk.escalate("c_1", office.who("Ana"), "legal", "hm")
    office.add("c_2")
    with pytest.raises(ReviewError, match="gives nobody the role 'admin'"):
        office.desk.escalate("c_2", office.who("Ana"), "admin", "hm")


def test_the_next_line_is_one_that_this_person_can_approve(office: Any) -> None:
    office.add("c_1", LEGAL)
    office.clock.set(office.clock.now() + timedelta(minutes=1))
    office.entries()
    office.add("c_2", notes={"prompt_authors": ["Ana"]})
    names = {who: office.desk.next_for(who, QueueFilter()) for who in ("Ana", "Ben", "Lea", "Dan")}
    office.approve("c_1", "Ben")
    then = {who: office.desk.next_for(who, QueueFilter()) for who in ("Ana", "Ben", "Lea")}
    assert [names[who] and names[who].creative.creative_id for who in names] == ["c_1", "c_1", "c_1", None]
    assert [then[who] and then[who].creative.creative_id for who in then] == [None, "c_2", "c_1"]


def test_without_a_policy_file_anybody_reviews_but_not_what_they_edited(open_office: Any) -> None:
    office = open_office(None)
    office.add("c_1", LEGAL, notes={"verdict": {"status": "review"}})
    edited = office.desk.edit("c_1", office.who("eve"), "Look: {{ item.name }}").creative
    with pytest.raises(NotAllowedError):
        office.approve(edited.creative_id, "EVE")
    office.desk.escalate(edited.creative_id, office.who("eve"), "legal", "hm")
    assert office.approve(edited.creative_id, "bob").creative.usable


@pytest.mark.slow
def test_two_reviewers_at_once_and_one_of_them_wins(office: Any) -> None:
    for round_number in range(5):
        name = f"c_{round_number}"
        office.add(name)
        office.entries()
        start, told = threading.Barrier(2), list[str]()

        def act(who: str, name: str = name, start: Any = start, told: Any = told) -> None:
            start.wait()
            try:
                office.approve(name, who)
                told.append("won")
            except ReviewConflictError as error:
                told.append(str(error))

        threads = [threading.Thread(target=act, args=(who,)) for who in ("Ana", "Ben")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        winner = office.creative(name).approved_by
        assert sorted(told) == sorted(["won", f"{name} is approved already, by {winner}"])
        assert len(office.state.review_record.acts(name)) == 1


class Between:
    """A store of lines during the reading of which somebody else acts once."""

    def __init__(self, inner: Any, act: Any) -> None:
        self._inner, self._acts = inner, [act]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def get(self, creative_id: str) -> Any:
        found = self._inner.get(creative_id)
        if self._acts:
            self._acts.pop()()
        return found


def test_whoever_read_a_line_just_before_it_was_approved_is_told_so(office: Any) -> None:
    office.add("c_1")
    office.entries()
    plain = office.desk._creatives
    office.desk._creatives = Between(plain, lambda: office.approve("c_1", "Ben"))
    with pytest.raises(ReviewConflictError, match="approved already, by Ben"):
        office.approve("c_1", "Ana")
    assert len(office.state.review_record.acts("c_1")) == 1


def test_a_look_that_is_good_closes_and_one_that_is_not_ends_the_line_s_use(office: Any) -> None:
    for name in ("c_1", "c_2"):
        office.add(name, approval="approved", approved_hash=content_hash("Worth a look: {{ item.name }}"))
    read = [office.desk._read(name).entry for name in ("c_1", "c_2")]
    assert [entry.state for entry in read] == ["done", "done"]
    office.state.reviews.put([look(entry) for entry in read])
    assert [e.state for e in office.entries(state="look")] == ["look", "look"]
    office.approve("c_1", "Ana")
    office.desk.reject("c_2", office.who("Ana"), "no")
    assert office.entries() == []
    assert (office.creative("c_1").approved_by, office.creative("c_2").usable) == ("Ana", False)


def look(entry: Any) -> Any:
    return type(entry)(**{**fields(entry), "state": "look", "needs": ("reviewer",), "reasons": ("sampled",)})


def test_a_page_that_is_none_is_one_error(office: Any) -> None:
    with pytest.raises(ReviewError, match="begins no page"):
        office.desk.page(QueueFilter(), 10, "nonsense")
