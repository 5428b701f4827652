from argparse import ArgumentParser
from typing import Any

from django.db.models import Count

from approval.models import Draft
from sophia.command import DeskCommand, table
from sophia.refusals import Refused

HEADS = ("ID", "ACCOUNT", "STATE", "STAGE", "SUGGESTED", "PUBLISH AT", "TITLE OR TEXT")
SHORT = 60


class Command(DeskCommand):
    help = "Lists the drafts, and what became of them."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--state", help=f"Only those that are {', '.join(Draft.State.values)}.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(drafts(options["state"]))
        self.answer(options, [document(each) for each in found], lines(found))


def drafts(state: str | None) -> Any:
    rows = Draft.objects.select_related("account__client", "publication").prefetch_related("pictures")
    rows = rows.annotate(tries_made=Count("publication__attempts"))
    if state is None:
        return rows
    if state not in Draft.State.values:
        raise Refused(f"“{state}” is not a state. A draft is {', '.join(Draft.State.values)}.")
    return rows.filter(state=state)


def document(draft: Any) -> dict[str, Any]:
    publication = draft.publication
    return {
        "id": draft.pk,
        "ref": draft.ref,
        "title": draft.title,
        "account": draft.account.label,
        "client": draft.account.client.name,
        "state": draft.state,
        "stage": publication.state if publication else draft.state,
        "digest": draft.digest(),
        "suggested_at": draft.suggested_at,
        "publication": publication.pk if publication else None,
        "publish_at": publication.publish_at if publication else None,
        "published_at": publication.published_at if publication else None,
        "post_id": (publication.post_id or None) if publication else None,
        "permalink": (publication.permalink or None) if publication else None,
        "attempts": draft.tries_made,
        "reason": publication.reason if publication else "",
    }


def lines(found: list[Any]) -> list[str]:
    if not found:
        return ["Nothing here. Bring drafts in: manage.py import_drafts FILE --submit."]
    return table(HEADS, (row(each) for each in found))


def row(draft: Any) -> tuple[Any, ...]:
    return (
        draft.pk,
        draft.account.label,
        draft.get_state_display(),
        draft.stage,
        local(draft, draft.suggested_at),
        local(draft, draft.publication.publish_at if draft.publication else None),
        draft.title or draft.text[:SHORT],
    )


def local(draft: Any, moment: Any) -> str:
    """On the client's clock."""
    return draft.account.clock(moment) if moment else ""
