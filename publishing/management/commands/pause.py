from argparse import ArgumentParser
from typing import Any

from publishing.models import Client, Pause, Publication, SocialAccount
from sophia.command import DeskCommand, person
from sophia.doors import Via
from sophia.refusals import Refused


class Command(DeskCommand):
    help = "Holds publishing: everything, or one client, platform or account, until manage.py resume lifts it."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, metavar="USER", help="Who pauses.")
        parser.add_argument("--reason", required=True, help="The others see it on every page.")
        scope = parser.add_mutually_exclusive_group()
        scope.add_argument("--client", metavar="NAME", help="Only this client.")
        scope.add_argument("--platform", choices=SocialAccount.PlatformName.values, help="Only this platform.")
        scope.add_argument("--account", metavar="PLATFORM:ID", help="Only this account.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"])
        pause = Pause.objects.start(by=by, reason=options["reason"], via=Via.CLI, **scope(options))
        held = Publication.objects.held_by(pause).count()
        late = list(pause.too_late_for().select_related("account"))
        said = [f"Paused {pause.scope}: {held} queued. manage.py resume {pause.pk} --by USER lifts it."]
        said += [f"{each} is with {each.account.get_platform_display()} already and is not stopped." for each in late]
        self.answer(options, document(pause, held) | {"too_late_for": [each.pk for each in late]}, said)


def scope(options: dict[str, Any]) -> dict[str, Any]:
    """As `Pause.objects.start` wants it. An empty name never means everything."""
    if options["client"] is not None:
        return {"client": client_named(options["client"])}
    if options["account"] is not None:
        return {"account": SocialAccount.objects.named(options["account"])}
    return {"platform": options["platform"] or ""}


def client_named(name: str) -> Client:
    client = Client.objects.filter(name=name).first()
    if client is None:
        known = ", ".join(Client.objects.values_list("name", flat=True)) or "none yet"
        raise Refused(f"There is no client “{name}”. The clients: {known}.")
    return client


def document(pause: Pause, held: int) -> dict[str, Any]:
    return {
        "id": pause.pk,
        "scope": pause.scope,
        "client": pause.client.name if pause.client else None,
        "platform": pause.platform or None,
        "account": pause.account.label if pause.account else None,
        "reason": pause.reason,
        "by": pause.started_by.get_username(),
        "started_at": pause.started_at,
        "holds": held,
    }
