from pathlib import Path

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.pilot_files import read_pilots
from tailorbird.testing.readouts import example_campaign

CAMPAIGN = example_campaign()
TEXT = f"""campaign: {CAMPAIGN.name}
hypothesis: It brings people back.
metric: ordered
audience: all
share: 0.1
randomisation: holdout
monitoring: [returns]
checkpoints: [{{name: first_look, due: 2026-06-08, roles: [owner]}}]
roles: {{owner: [ana]}}
rollback: Tom halts it.
"""


def write(root: Path, name: str, text: str) -> None:
    (root / "pilots").mkdir(exist_ok=True)
    (root / "pilots" / f"{name}.yaml").write_text(text)


def test_a_project_may_have_none_or_several(tmp_path: Path) -> None:
    assert read_pilots(tmp_path, {}) == {}
    write(tmp_path, "one", TEXT)
    write(tmp_path, "two", TEXT + "use: standard\nafter: one\n")
    found = read_pilots(tmp_path, {CAMPAIGN.name: CAMPAIGN})
    assert found["two"].after == "one" and found["one"].checkpoints[0].due.isoformat() == "2026-06-08"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (TEXT.replace(CAMPAIGN.name, "nothing"), "campaign"),
        (TEXT + "after: ghost\n", "after"),
        (TEXT + "after: one\n", "after"),
        (TEXT.replace("2026-06-08", "soon"), "due"),
        (TEXT + "colour: red\n", "colour"),
        (TEXT.replace("share: 0.1", "share: .nan"), "share"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_field(tmp_path: Path, text: str, field: str) -> None:
    write(tmp_path, "one", text)
    with pytest.raises(ProjectError, match=field):
        read_pilots(tmp_path, {CAMPAIGN.name: CAMPAIGN})
