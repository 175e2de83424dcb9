"""Files of policy packs: what is wrong in one is told with the line and the rule."""

from pathlib import Path

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.pack_files import built_in_packs, read_built_in, read_pack, wording_line

PACK = """name: house
version: "1"
summary: House rules.
source: the house
checked_on: 2026-11-01
languages: [en]
rules:
  - id: hurry
    reason: presses
    channels: [email]
    phrases:
      en: |
        hurry

        rush
  - id: size
    reason: too long
    limit: {max: 30}
"""


def told(tmp_path: Path, old: str, new: str) -> ProjectError:
    path = tmp_path / "house.yaml"
    assert old in PACK
    path.write_text(PACK.replace(old, new), encoding="utf-8")
    with pytest.raises(ProjectError) as caught:
        read_pack(path)
    return caught.value


def test_a_pack_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "house.yaml"
    path.write_text(PACK, encoding="utf-8")
    pack = read_pack(path)
    assert (pack.name, pack.version, [rule.id for rule in pack.rules]) == ("house", "1", ["hurry", "size"])
    assert [rule.kind for rule in pack.rules] == ["words", "limit"]
    assert wording_line(path, ("rules", 0, "phrases", "en"), 2) == 15


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("name: house", "name: home", 1, "must equal the file's name, 'house'"),
        ("checked_on: 2026-11-01\n", "", 1, "this key is missing; write the day"),
        ("source: the house", 'source: ""', 4, "is empty; findings name it"),
        ("id: size", "id: hurry", 16, "'hurry' is used twice"),
        ("id: size", "id: Size!", 16, "is no id"),
        ("channels: [email]", "channels: [emial]", 10, "no channel 'emial'; did you mean 'email'?"),
        ("channels: [email]", "countries: [uk]", 10, "is a code such as GB, US-NY or EU (found 'uk')"),
        ("channels: [email]", "flags: [ai]", 10, "no flag 'ai'"),
        ("limit: {max: 30}", "limit: {max: 30, min: 40}", 18, "no text could fit"),
        ("limit: {max: 30}", "limit: {unit: chars}", 18, "has max, min or both"),
        ("limit: {max: 30}", "limit: {max: -1}", 18, "must be 0 or more"),
        ("limit: {max: 30}", "mend: shorten it", 16, "has exactly one of"),
        ("limit: {max: 30}", "limit: {max: 30}\n    notice: true", 16, "found limit and notice"),
        ("limit: {max: 30}", "limit: {max: 30}\n    evidence: [x]", 19, "goes with phrases or patterns only"),
        ("limit: {max: 30}", "limit: {max: 30}\n    beside: price", 19, "goes with lines only"),
        ("      en: |", "      fr: |", 12, "the pack's languages do not list 'fr'; add it"),
        ("      en: |", "      english: |", 12, "is no language"),
        ("reason: presses", "raeson: presses", 9, "unknown key; did you mean 'reason'?"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    error = told(tmp_path, old, new)
    assert message in error.message
    assert error.line == line


def test_a_mistake_in_a_rule_names_the_rule(tmp_path: Path) -> None:
    assert "rule hurry: " in told(tmp_path, "channels: [email]", "channels: [emial]").message


def test_the_built_in_packs_cover_what_they_should() -> None:
    assert set(built_in_packs()) == {
        "ai_disclosure", "alcohol", "brand_safety", "channel_limits", "claims", "deliverability", "finance", "gambling",
        "minors", "personal_attributes", "reviews", "sensitive_inferences", "urgency",
    }  # fmt: skip
    assert all(read_built_in(name).name == name for name in built_in_packs())
    with pytest.raises(ProjectError, match="did you mean 'claims'"):
        read_built_in("claim")
