import pytest

from tailorbird.stages.briefs.person_slots import clean_first_name


@pytest.mark.parametrize("name", ["Ana", "Zoë", "Jean-Luc", "O'Brien", "Nguyễn Văn", "Μαρία", "李", " Ben "])
def test_a_name_in_any_script_is_kept(name: str) -> None:
    assert clean_first_name(name) == name.strip()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "A\r\nBcc: x@y",
        "x@example.org",
        "<b>Ana</b>",
        "Ana2",
        "{{ item.name }}",
        "a" * 31,
        None,
        7,
        "http://x",
        "Ana_",
    ],
)
def test_what_is_no_name_is_refused(name: object) -> None:
    assert clean_first_name(name) is None


def test_what_a_form_puts_where_no_name_was_given_is_no_name() -> None:
    assert [clean_first_name(word) for word in ("None", "null", "TEST", "Mrs", "Dr.", "Vorname")] == [None] * 6
    assert [clean_first_name(word) for word in ("Nona", "Tess", "Drew", "Guestave")] == [
        "Nona",
        "Tess",
        "Drew",
        "Guestave",
    ]
