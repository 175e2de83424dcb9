"""Prompt files: prompts/<name>/v<N>.md, front matter and two sections."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import nearest, read_text
from tailorbird.types.prompt import Prompt

_FILE = re.compile(r"v(\d+)\.md$")
_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.S)
_SECTION = re.compile(r"^## +(system|user) *\n", re.M)


@dataclass(frozen=True)
class _FrontMatter:
    examples: int = 5
    labels: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def read_prompt(path: Path) -> Prompt:
    """Parse one prompt version. `## system` and `## user` must both be there."""
    version = _FILE.search(path.name)
    if not version:
        raise ProjectError(path, None, "", "a prompt file is named v1.md, v2.md, …")
    text = read_text(path)
    front = _FRONT.match(text)
    if not front:
        raise ProjectError(path, 1, "", "begin with front matter between two lines of '---'")
    meta = _front_matter(path, front.group(1))
    pieces = _SECTION.split(front.group(2))
    sections = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    for name in ("system", "user"):
        if not sections.get(name, "").strip():
            raise ProjectError(path, None, name, f"the section '## {name}' is missing or empty")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Prompt(
        name=path.parent.name,
        version=int(version.group(1)),
        system=sections["system"].strip(),
        user=sections["user"].strip(),
        digest=digest,
        path="/".join(path.parts[-3:]),
        examples=meta.examples,
        labels=meta.labels,
        authors=meta.authors,
    )


def _front_matter(path: Path, text: str) -> _FrontMatter:
    try:
        data = YAML(typ="safe").load(text) or {}
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 2
        raise ProjectError(path, line, "", f"front matter: not YAML: {error.problem or error.context}") from None
    except YAMLError as error:
        raise ProjectError(path, 2, "", f"front matter: not YAML: {error}") from None
    valid = list(_FrontMatter.__dataclass_fields__)
    if not isinstance(data, dict):
        raise ProjectError(path, 2, "", f"front matter is a list of 'key: value' lines; keys: {', '.join(valid)}")
    for name in data:
        if name not in valid:
            raise ProjectError(path, _line(text, str(name)), str(name), f"unknown key{nearest(str(name), valid)}")
    try:
        return TypeAdapter(_FrontMatter).validate_python(data)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = ".".join(map(str, problem["loc"]))
        message = f"{problem['msg'].lower()} (found {problem.get('input')!r})"
        raise ProjectError(path, _line(text, str(problem["loc"][0])), field, message) from None


def _line(front: str, key: str) -> int:
    """The file's line of a front-matter key; the front matter begins on line 2."""
    return next((i for i, row in enumerate(front.splitlines(), 2) if row.lstrip("\"' ").startswith(key)), 2)


def read_prompts(folder: Path) -> dict[str, Prompt]:
    """The version of each prompt that runs: the one labelled 'production', else the highest."""
    chosen: dict[str, Prompt] = {}
    for directory in sorted(path for path in folder.glob("*") if path.is_dir()):
        versions = sorted((read_prompt(path) for path in directory.glob("*.md")), key=lambda p: p.version)
        if not versions:
            raise ProjectError(directory, None, "", "a prompt folder needs a file v1.md")
        labelled = [prompt for prompt in versions if "production" in prompt.labels]
        if len(labelled) > 1:
            raise ProjectError(directory, None, "labels", "two versions carry the label 'production'; keep one")
        chosen[directory.name] = (labelled or versions)[-1]
    return chosen
