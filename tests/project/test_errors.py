"""What a project error says."""

from tailorbird.project.errors import ProjectError
from tailorbird.types.errors import TailorbirdError


def test_an_error_reads_as_file_line_field_and_mend() -> None:
    error = ProjectError("a.yaml", 3, "blocks.subject", "unknown key")
    assert str(error) == "a.yaml:3: blocks.subject: unknown key"
    assert isinstance(error, TailorbirdError)


def test_an_error_without_line_or_field_leaves_them_out() -> None:
    assert str(ProjectError("a.yaml", None, "", "missing")) == "a.yaml: missing"
    assert str(ProjectError("a.yaml", 2, "", "not YAML")) == "a.yaml:2: not YAML"
