"""Keys of pseudonyms: independent, kept, destroyed in time."""

from datetime import UTC, datetime
from pathlib import Path

from tailorbird.adapters.keys.epochs import EpochKeys
from tailorbird.stages.privacy.pseudonyms import epoch_of

OLD, NOW = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def test_each_purpose_and_epoch_has_a_key_of_its_own_that_stays(tmp_path: Path) -> None:
    keys = EpochKeys(tmp_path / "pseudonyms")
    made = [keys.key(purpose, epoch_of(at, 90)) for purpose in ("analysis", "research") for at in (OLD, NOW)]
    assert len(set(made)) == 4
    assert EpochKeys(tmp_path / "pseudonyms").key("research", epoch_of(NOW, 90)) == made[3]
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.rglob("*.key"))
    assert sorted(key for _, _, key in keys.living()) == sorted(made)


def test_a_key_whose_time_is_over_is_destroyed_and_the_others_stay(tmp_path: Path) -> None:
    keys = EpochKeys(tmp_path)
    old, new = keys.key("analysis", epoch_of(OLD, 90)), keys.key("analysis", epoch_of(NOW, 90))
    (tmp_path / "analysis" / "notes.key").write_text("no epoch")
    assert keys.destroy_due(NOW, 3650) == []
    assert keys.destroy_due(NOW, 365) == [("analysis", epoch_of(OLD, 90))]
    assert [key for _, _, key in keys.living()] == [new]
    assert keys.key("analysis", epoch_of(OLD, 90)) != old
    assert (tmp_path / "analysis" / "notes.key").exists()
