"""Prompt files: prompts/<name>/v<N>.md, front matter and two sections."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import nearest, read_text
from tailorbird.types.brand import Prompt

_FILE = re.compile(r"v(\d+)\.md$")
_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.S)
_SECTION = re.compile(r"^## +(system|user) *\n", re.M)


@dataclass(frozen=True)
class _FrontMatter:
    examples: int = 5
    labels: tuple[str, ...] = ()


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
        examples=meta.examples,
        labels=meta.labels,
    )


def _front_matter(path: Path, text: str) -> _FrontMatter:
    try:
        data = YAML(typ="safe").load(text) or {}
        unknown = set(data) - set(_FrontMatter.__dataclass_fields__)
        if unknown:
            name = sorted(unknown)[0]
            line = next((i for i, row in enumerate(text.splitlines(), 2) if row.startswith(str(name))), 2)
            raise ProjectError(path, line, name, f"unknown key{nearest(name, list(_FrontMatter.__dataclass_fields__))}")
        return TypeAdapter(_FrontMatter).validate_python(data)
    except YAMLError as error:
        raise ProjectError(path, 2, "front matter", f"not YAML: {error}") from None
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise ProjectError(path, 2, ".".join(map(str, problem["loc"])), problem["msg"].lower()) from None


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
