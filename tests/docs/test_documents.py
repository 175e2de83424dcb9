"""The documents hold together: links lead somewhere, the dependency table is whole, and no host of others is named."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)")
# Registries and mirrors are the reader's own choice: no document tells which one to use.
FOREIGN = re.compile(r"pypi\.|pythonhosted|files\.python|index-url|artifactory|npmjs", re.I)


def documents() -> list[Path]:
    top = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [*top, *sorted((ROOT / "docs").rglob("*.md"))]


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as most renderers make them."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    broken = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            broken.append(target)
    return broken


@pytest.mark.slow
@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_something_that_is_there(page: Path) -> None:
    assert broken_links(page) == []


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_package_registry(page: Path) -> None:
    assert FOREIGN.findall(page.read_text(encoding="utf-8")) == []


def test_every_direct_dependency_has_a_reason_and_a_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *(name for group in project["dependency-groups"].values() for name in group),
        *project["build-system"]["requires"],
    ]
    names = {re.split(r"[\[<>=!~ ]", requirement)[0] for requirement in wanted}
    rows = re.findall(r"^\| (.+?) \| .+? \| .+? \|$", (ROOT / "docs/adr/0010-dependencies.md").read_text(), re.M)
    listed = {name.split(" (")[0] for row in rows for name in row.split(", ")}
    assert names <= listed
    assert listed - names <= {"Package", "---"}, "a dependency that is gone is still listed"


def test_every_record_is_in_the_index_of_records() -> None:
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    records = sorted(path.name for path in (ROOT / "docs/adr").glob("0*.md"))
    assert [name for name in records if f"({name})" not in index] == []


def test_every_guide_is_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    assert [p.name for p in sorted((ROOT / "docs/guides").glob("*.md")) if f"(guides/{p.name})" not in index] == []


def test_make_bench_and_the_page_of_benchmarks_name_every_benchmark_and_say_what_is_left_out() -> None:
    scripts = [
        file
        for file in (ROOT / "benchmarks").glob("*.py")
        if "__main__" in file.read_text() and "peer" not in file.stem
    ]
    assert len(scripts) >= 10
    recipe = (ROOT / "Makefile").read_text().split("\nbench:")[1].split("\n\n")[0]
    page = (ROOT / "docs" / "benchmarks.md").read_text()
    for script in scripts:
        assert f"benchmarks/{script.name}" in recipe and f"benchmarks/{script.name}" in page, script.name
    assert recipe.count("@if ") == recipe.count("left out"), "nothing is left out without a word"
