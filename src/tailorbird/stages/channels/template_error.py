"""What is wrong in a message template: where, what, and how to mend it."""

from tailorbird.types.errors import TailorbirdError


class TemplateError(TailorbirdError):
    """A mistake in a template. `part` is the file (message.mjml, message.txt); `line` is 1-based, None if unknown."""

    def __init__(self, template: str, part: str, line: int | None, problem: str, mend: str = "") -> None:
        self.template, self.part, self.line, self.problem, self.mend = template, part, line, problem, mend
        where = "/".join(name for name in (template, part) if name) or "template"
        at = f"{where}:{line}" if line else where
        super().__init__(f"{at}: {problem}" + (f"; {mend}" if mend else ""))

    def within(self, template: str, part: str) -> "TemplateError":
        """The same mistake, with the template and the part it was found in."""
        return TemplateError(template, part, self.line, self.problem, self.mend)
