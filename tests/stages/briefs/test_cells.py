from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.briefs.cells import assign_cells, subject_family
from tailorbird.types.brief import Subject
from tailorbird.types.campaign import BriefSpec

SPEC = BriefSpec(lattice=(("family", "daypart"), ("family",)), k=3, family="family")


def test_a_cell_of_k_people_is_kept_and_a_smaller_one_generalised() -> None:
    families = ["mugs"] * 7
    dayparts = ["morning", "morning", "morning", "night", "night", "noon", None]
    columns: dict[str, Sequence[str | None]] = {"family": families, "daypart": dayparts}
    subjects = assign_cells(columns, range(7), SPEC)
    assert [s.label() for s in subjects[:3]] == ["family=mugs, daypart=morning"] * 3
    assert {s.label() for s in subjects[3:]} == {"family=mugs"}
    assert subjects[0].kind == "cell_family"
    assert subjects[3].kind == "family"


def test_people_left_over_fall_to_the_default_brief() -> None:
    columns = {"family": ["mugs", "mugs", "soap"], "daypart": ["morning"] * 3}
    assert {s.kind for s in assign_cells(columns, range(3), SPEC)} == {"default"}


def test_the_family_of_a_subject_is_read_from_its_attributes() -> None:
    assert subject_family(Subject("family", (("family", "mugs"),)), SPEC) == "mugs"
    assert subject_family(Subject("default"), SPEC) is None


values = st.sampled_from(["a", "b", "c", None])


@given(st.lists(st.tuples(values, values), max_size=60), st.integers(1, 8))
def test_every_subject_but_the_default_is_shared_by_k_people(rows: list[tuple[str | None, str | None]], k: int) -> None:
    columns = {"family": [r[0] for r in rows], "daypart": [r[1] for r in rows]}
    spec = BriefSpec(lattice=SPEC.lattice, k=k, family="family")
    sizes = Counter(subject for subject in assign_cells(columns, range(len(rows)), spec))
    assert all(size >= k for subject, size in sizes.items() if subject.kind != "default")
