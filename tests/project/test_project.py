"""Loading a project: every file kind answers a misspelt or missing key with file, line, field and the nearest name."""

from typing import Any

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.project import load_project

pytestmark = pytest.mark.slow

# file, what is there, what is misspelt instead, the field that the error names, the nearest valid name
MISSPELT = [
    ("tailorbird.yaml", "currency:", "curency:", "curency", "currency"),
    ("tailorbird.yaml", "timezone:", "time_zone:", "time_zone", "timezone"),
    ("tailorbird.yaml", "postal_address:", "postal_adress:", "postal_adress", "postal_address"),
    ("tailorbird.yaml", "  defaults:", "  default:", "consent.default", "defaults"),
    ("tailorbird.yaml", "email_marketing:", "email_marketting:", "consent.defaults.email_marketting", "email_marketing"),
    ("campaigns/hello.yaml", "holdout:", "holdouts:", "holdouts", "holdout"),
    ("campaigns/hello.yaml", "hypothesis:", "hypotesis:", "hypotesis", "hypothesis"),
    ("campaigns/hello.yaml", "lattice:", "latice:", "briefs.latice", "lattice"),
    ("campaigns/hello.yaml", "generate:", "generates:", "blocks.subject.generates", "generate"),
    ("campaigns/hello.yaml", "en-GB:", "en-GV:", "reason.en-GV", "en-GB"),
    ("campaigns/hello.yaml", "family: last_family", "family: last_famly", "briefs.family", "last_family"),
    ("audiences/buyers.yaml", "at_least", "at_leest", "all.0.at_leest", "at_least"),
    ("audiences/buyers.yaml", "all:", "al:", "al", "all"),
    ("features/orders.yaml", "  each:", "  eech:", "1.eech", "each"),
    ("features/orders.yaml", "kind: count", "kinds: count", "kinds", "kind"),
    ("brand/approved.yaml", "campaigns:", "campains:", "0.campains", "campaigns"),
    ("brand/approved.yaml", "- id: two\n", "- it: two\n", "1.id", "this key is missing"),
    ("brand/disallowed.yaml", "en-GB:", "en-GG:", "en-GG", "en-GB"),
    ("brand/vocabulary.yaml", "en-GB:", "en-UK:", "en-UK", "en-GB"),
    ("brand/legal.yaml", "en-GB:", "en_GB:", "en_GB", "en-GB"),
    ("brand/voice.md", "## en-GB", "## en-GBB", "en-GBB", "en-GB"),
    ("templates/letter/lines.yaml", "subject:", "subjekt:", "subjekt", "subject"),
    ("templates/letter/lines.yaml", 'en-GB: "From', 'en-GN: "From', "subject.en-GN", "en-GB"),
    ("templates/letter/words.yaml", "en-GB:", "en-GP:", "en-GP", "en-GB"),
    ("prompts/subject/v1.md", "labels:", "lables:", "lables", "labels"),
    ("imports/items.yaml", "source:", "sourse:", "sourse", "source"),
    ("imports/items.yaml", "  item_id:", "  itemid:", "itemid", "item_id"),
    ("imports/items.yaml", "column:", "colum:", "catalog.price", "column"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "right", "wrong", "field", "near"), MISSPELT, ids=[f"{m[0]}-{m[2]}" for m in MISSPELT]
)
def test_a_misspelt_key_is_told_with_file_line_field_and_the_nearest_name(
    folder: Any, file: str, right: str, wrong: str, field: str, near: str
) -> None:
    line = folder.replace(file, right, wrong)
    error = folder.error()
    assert (error.file, error.line) == (str(folder.root / file), line)
    assert field in error.field
    assert near in error.message


UNKNOWN = [
    ("audiences/buyers.yaml", "feature: orders", "feature: oders", "orders"),
    ("campaigns/hello.yaml", "- [last_family]", "- [last_famly]", "last_family"),
    ("campaigns/hello.yaml", "audience: buyers", "audience: byers", "buyers"),
    ("campaigns/hello.yaml", "template: letter", "template: leter", "letter"),
    ("campaigns/hello.yaml", "prompt: subject", "prompt: subjct", "subject"),
    ("campaigns/hello.yaml", "[item.name, item.material]", "[item.name, item.matrial]", "item.material"),
    ("campaigns/hello.yaml", "name: hello", "name: helo", "hello"),
    ("brand/approved.yaml", "{{ item.name }}", "{{ item.nmae }}", "item.name"),
    ("brand/approved.yaml", "block: subject", "block: subjct", "subject"),
    ("brand/approved.yaml", "campaigns: [hello]", "campaigns: [helo]", "hello"),
    ("tailorbird.yaml", "imports: [items]", "imports: [item]", "items"),
    ("tailorbird.yaml", "Europe/London", "Europe/Lodnon", "Europe/London"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "near"), UNKNOWN, ids=[u[2] for u in UNKNOWN])
def test_a_name_that_nothing_defines_is_told_with_line_and_the_nearest(
    folder: Any, file: str, right: str, wrong: str, near: str
) -> None:
    line = folder.replace(file, right, wrong)
    error = folder.error()
    assert (error.file, error.line) == (str(folder.root / file), line)
    assert repr(near) in error.message


YAML_FILES = ["tailorbird.yaml", "campaigns/hello.yaml", "audiences/buyers.yaml", "features/orders.yaml",
    "brand/approved.yaml", "brand/disallowed.yaml", "brand/vocabulary.yaml", "brand/legal.yaml",
    "templates/letter/lines.yaml", "templates/letter/words.yaml", "imports/items.yaml"]  # fmt: skip


@pytest.mark.parametrize("file", YAML_FILES)
def test_a_file_that_is_not_yaml_is_told_with_its_line(folder: Any, file: str) -> None:
    folder.write(file, "a: b\nc: [d\ne: f\n")
    error = folder.error()
    assert error.file == str(folder.root / file)
    assert error.line is not None
    assert "not YAML" in error.message


@pytest.mark.parametrize(
    "file", [*YAML_FILES, "brand/voice.md", "prompts/subject/v1.md", "templates/letter/message.txt"]
)
def test_a_file_that_is_not_utf8_is_told_with_the_byte(folder: Any, file: str) -> None:
    folder.write(file, b"name: caf\xe9\n")
    error = folder.error()
    assert error.file == str(folder.root / file)
    assert "not UTF-8 at byte 9" in error.message


@pytest.mark.parametrize("file", YAML_FILES)
@pytest.mark.parametrize("text", ["just words\n", "- [1, {a: 2}]\n", "7\n"])
def test_a_file_of_another_shape_is_one_error_that_names_it(folder: Any, file: str, text: str) -> None:
    folder.write(file, text)
    assert folder.error().file == str(folder.root / file)


@pytest.mark.parametrize("file", ["tailorbird.yaml", "brand/voice.md", "brand/approved.yaml", "templates/letter/lines.yaml",
    "templates/letter/message.mjml"])  # fmt: skip
def test_a_missing_file_is_named(folder: Any, file: str) -> None:
    (folder.root / file).unlink()
    assert file.split("/")[-1] in str(folder.error())


@pytest.mark.parametrize(
    "file", ["brand/disallowed.yaml", "brand/vocabulary.yaml", "brand/legal.yaml", "templates/letter/words.yaml"]
)
def test_some_files_may_be_absent(folder: Any, file: str) -> None:
    (folder.root / file).unlink()
    assert load_project(folder.root).settings.name == "tiny"


def test_a_whole_project_is_read(folder: Any) -> None:
    project = load_project(folder.root)
    assert project.campaign("hello").blocks["subject"].slots == ("item.name", "item.material")
    assert [f.name for f in project.features] == ["orders", "last_family"]
    assert project.brand.name == "tiny"
    assert project.state_dir == folder.root / ".tailorbird"


def test_an_unknown_campaign_names_the_ones_there_are(folder: Any) -> None:
    with pytest.raises(ProjectError, match="no campaign 'helo'; there are: hello"):
        load_project(folder.root).campaign("helo")
