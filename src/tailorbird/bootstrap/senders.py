"""The sender that takes messages away."""

from typing import TYPE_CHECKING

from tailorbird.bootstrap.settings import secret
from tailorbird.plugins import find_plugin

if TYPE_CHECKING:
    from tailorbird.ports.sender import Sender
    from tailorbird.project.project import Project


def open_sender(project: "Project") -> "Sender":
    """The sender that tailorbird.yaml names."""
    delivery = project.settings.delivery
    if delivery.adapter == "files":
        from tailorbird.adapters.files.sender import OutboxFolderSender

        return OutboxFolderSender(project.state_dir / "outbox")
    if delivery.adapter == "smtp":
        from tailorbird.adapters.smtp.sender import SmtpSender

        password = secret(delivery.password_env, "delivery.password_env") if delivery.password_env else None
        return SmtpSender(delivery.host, delivery.port, delivery.username, password, delivery.starttls)
    sender: Sender = find_plugin("sender", delivery.adapter)(delivery)
    return sender
