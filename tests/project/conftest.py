"""A small project of one campaign, written afresh for each test, with every kind of file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.project import load_project

FILES = {
    "tailorbird.yaml": """name: tiny
currency: GBP
locales: [en-GB]
timezone: Europe/London
sender:
  name: Tiny
  email: post@tiny.example
  domain: tiny.example
  postal_address: 1 Lane, Town
consent:
  defaults:
    email_marketing: false
catalog:
  facts:
    material: text
imports: [items]
""",
    "campaigns/hello.yaml": """name: hello
reason:
  en-GB: a while since the last order
hypothesis: A letter brings people back.
metric: {name: ordered, event: Order Completed}
audience: buyers
template: letter
holdout: 0.2
briefs:
  lattice:
    - [last_family]
  family: last_family
blocks:
  subject:
    max_chars: 60
    prompt: subject
    generate: true
    slots: [item.name, item.material]
  body:
    max_chars: 200
""",
    "audiences/buyers.yaml": """name: buyers
all:
  - {feature: orders, at_least: 1}
""",
    "features/orders.yaml": """- name: orders
  kind: count
  event: Order Completed
  purpose: email_marketing
- name: last_family
  kind: last
  event: Order Completed
  purpose: personalization
  each: properties.products
  field: family
""",
    "brand/voice.md": "# Voice\n\n## en-GB\n\nPlain words.\n",
    "brand/approved.yaml": """- id: one
  block: subject
  locale: en-GB
  text: "Back again: {{ item.name }}"
  campaigns: [hello]
- id: two
  block: body
  locale: en-GB
  text: A short letter.
""",
    "brand/disallowed.yaml": '"*": ["!"]\nen-GB: [act now]\n',
    "brand/vocabulary.yaml": "en-GB: [kettle]\n",
    "brand/legal.yaml": "en-GB:\n  why: You asked for it.\n",
    "templates/letter/message.mjml": "<mjml><mj-body></mj-body></mjml>\n",
    "templates/letter/message.txt": "{{ body }}\n",
    "templates/letter/lines.yaml": """subject:
  en-GB: "From our shelves: {{ item.name }}"
body:
  en-GB: A letter.
""",
    "templates/letter/words.yaml": "en-GB:\n  hello: Hello\n",
    "prompts/subject/v1.md": "---\nexamples: 3\nlabels: [production]\n---\n\n## system\n\nWrite.\n\n## user\n\nNow.\n",
    "imports/items.yaml": """source: catalog/items.csv
catalog:
  item_id: id
  name: name
  price: {column: price, type: number}
""",
}


class Folder:
    """A project folder to spoil: `replace` changes one text in one file, `error` is what loading then says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def replace(self, name: str, old: str, new: str) -> int:
        """Replace text that occurs once; the 1-based line where it begins."""
        text = (self.root / name).read_text()
        assert text.count(old) == 1, (name, old)
        (self.root / name).write_text(text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    def error(self) -> ProjectError:
        with pytest.raises(ProjectError) as caught:
            load_project(self.root)
        return caught.value


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "tiny")


@pytest.fixture
def read_error() -> Callable[[Callable[[], object]], ProjectError]:
    """Calls a reader that must fail; its error."""

    def read(reader: Callable[[], object]) -> ProjectError:
        with pytest.raises(ProjectError) as caught:
            reader()
        return caught.value

    return read
