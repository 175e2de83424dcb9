"""Who is told of an incident."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailorbird.ports.notifier import Notifier
    from tailorbird.project.project import Project


def open_notifiers(project: "Project") -> "tuple[Notifier, ...]":
    """Those that tailorbird.yaml names under `incidents`; none of them is asked before there is something to tell.

    A webhook whose variable is not set, or holds no address, cannot be told, nor can an address where mail goes to
    files: a campaign is not stopped for that, and the incident's record says so.
    """
    settings = project.settings.incidents
    if not settings.email and not settings.webhook_env:
        return ()
    found = [_mail(project, address) for address in settings.email]
    if settings.webhook_env:
        found.append(_webhook(settings.webhook_env))
    return tuple(found)


def _mail(project: "Project", address: str) -> "Notifier":
    from tailorbird.adapters.notices.mail import MailNotifier
    from tailorbird.bootstrap.senders import open_sender

    if project.settings.delivery.adapter == "files":
        return _Unreachable(address, "delivery.adapter is files, so that no mail leaves; name a relay or a webhook")
    return MailNotifier(address, project.settings.sender, lambda: open_sender(project))


def _webhook(variable: str) -> "Notifier":
    from tailorbird.adapters.notices.webhook import WebhookNotifier
    from tailorbird.ports.notifier import NoticeError

    address = os.environ.get(variable, "")
    if not address:
        return _Unreachable(
            "webhook", f"incidents.webhook_env names the environment variable {variable}, which is not set"
        )
    try:
        return WebhookNotifier(address)
    except NoticeError as error:
        return _Unreachable("webhook", f"{variable}: {error}")


class _Unreachable:
    """Somebody who cannot be told anything."""

    def __init__(self, who: str, why: str) -> None:
        self.who, self._why = who, why

    def tell(self, notice: object) -> None:
        """Say why not."""
        from tailorbird.ports.notifier import NoticeError

        raise NoticeError(self._why)
