"""Template folders: templates/<name>/{message.mjml, message.txt, lines.yaml, words.yaml}."""

import hashlib
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, parse, read_text, read_yaml
from tailorbird.types.slot_text import SlotText
from tailorbird.types.template import Template


def read_template(folder: Path) -> Template:
    """Read one template; its lines must be slot-form text. Liquid and MJML are compiled later, by the check."""
    mjml, text = read_text(folder / "message.mjml"), read_text(folder / "message.txt")
    lines: dict[str, dict[str, str]] = parse(folder / "lines.yaml", dict[str, dict[str, str]])
    tree = read_yaml(folder / "lines.yaml")
    for block, locales in lines.items():
        for locale, line in locales.items():
            try:
                SlotText.parse(line)
            except ValueError as error:
                where = line_of(tree, [block, locale])
                raise ProjectError(folder / "lines.yaml", where, f"{block}.{locale}", str(error)) from None
    words: dict[str, dict[str, str]] = {}
    if (folder / "words.yaml").exists():
        words = parse(folder / "words.yaml", dict[str, dict[str, str]])
    digest = hashlib.sha256("\0".join([mjml, text, repr(lines), repr(words)]).encode()).hexdigest()
    return Template(folder.name, mjml, text, lines, words, digest)


def read_templates(folder: Path) -> dict[str, Template]:
    """Every template folder."""
    return {path.name: read_template(path) for path in sorted(folder.glob("*")) if path.is_dir()}
