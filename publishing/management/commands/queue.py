from argparse import ArgumentParser
from typing import Any

from django.db.models import Count
from django.utils import timezone

from publishing import gates
from publishing.models import Publication
from sophia.command import DeskCommand, table
from sophia.refusals import Refused

HEADS = ("ID", "ACCOUNT", "STATE", "PUBLISH AT", "PUBLISHED AT", "TRIES", "POST", "REASON")


class Command(DeskCommand):
    help = "Lists the publications: what waits, what is out, and what came of it."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--state", help=f"Only those that are {', '.join(Publication.State.values)}.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(publications(options["state"]))
        held = gates.holding(found, timezone.now())
        for each in found:
            each.held = held.get(each.pk, "")
        self.answer(options, [document(each) for each in found], lines(found))


def publications(state: str | None) -> Any:
    rows = Publication.objects.select_related("account__client", "approved_by", "named_by")
    rows = rows.annotate(tries_made=Count("attempts"))
    if state is None:
        return rows
    if state not in Publication.State.values:
        raise Refused(f"“{state}” is not a state. A publication is {', '.join(Publication.State.values)}.")
    return rows.filter(state=state)


def document(publication: Any) -> dict[str, Any]:
    return {
        "id": publication.pk,
        "account": publication.account.label,
        "client": publication.account.client.name,
        "state": publication.state,
        "publish_at": publication.publish_at,
        "published_at": publication.published_at,
        "post_id": publication.post_id or None,
        "permalink": publication.permalink or None,
        "known_by": publication.known_by or None,
        "known_how": publication.known_how or None,
        "attempts": publication.tries_made,
        "reason": publication.reason,
        "held": publication.held or None,
        "mode": publication.mode,
        "approved_by": publication.approved_by.get_username(),
    }


def lines(found: list[Any]) -> list[str]:
    if not found:
        return ["Nothing here. Approve a draft: manage.py drafts --state in_review lists them."]
    return table(HEADS, (row(each) for each in found))


def row(publication: Any) -> tuple[Any, ...]:
    return (
        publication.pk,
        publication.account.label,
        publication.get_state_display(),
        local(publication, publication.publish_at),
        local(publication, publication.published_at),
        publication.tries_made,
        post(publication),
        f"Held: {publication.held}" if publication.held else publication.reason,
    )


def post(publication: Any) -> str:
    """Which post it is, and, where only its words say so, that nobody has confirmed it."""
    if publication.is_live and not publication.post_id:
        return "nobody knows which"
    where = publication.permalink or publication.post_id
    return f"{where} ({publication.known_how})" if where and not publication.identity_is_proved else str(where)


def local(publication: Any, moment: Any) -> str:
    """On the client's clock."""
    return publication.account.clock(moment) if moment else ""
