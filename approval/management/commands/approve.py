from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.utils import timezone

from approval.deciding import draft_of
from approval.models import Draft
from approval.seeing import Seen
from approval.suggesting import TimePassed
from publishing import outlook
from publishing.models import Publication
from sophia import moments
from sophia.command import DeskCommand, person
from sophia.doors import Via
from sophia.refusals import Refused, WantsReason

MOMENT = timedelta(minutes=1)
"""A time that is later than the one asked for by less than this was not moved."""


class Command(DeskCommand):
    help = "Approves drafts, each for itself, and sets them going."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draft", nargs="+", metavar="ID", help="The drafts. manage.py drafts lists them.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who approves.")
        parser.add_argument(
            "--at", metavar="TIME", help="now, or ISO 8601. Left out: when the draft suggests, if that has not passed."
        )
        parser.add_argument("--exact", action="store_true", help="Refuse, where the account's cadence moves it later.")
        parser.add_argument("--override", default="", metavar="REASON", help="Break the cadence, and say why.")
        parser.add_argument(
            "--although",
            default="",
            metavar="REASON",
            help="Why all the same, where it is refused without one. For one draft.",
        )
        parser.add_argument(
            "--answer", default="", metavar="REASON", help="Why, past what a client has written. For one draft."
        )
        parser.add_argument("--manual", action="store_true", help="A person posts it, from a copy-ready package.")
        parser.add_argument("--digest", metavar="SHA", help="Approve only what this digest stands for. For one draft.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"])
        if options["digest"] is not None and len(options["draft"]) > 1:
            raise CommandError("--digest stands for one draft. Approve the drafts one by one.")
        if (options["although"] or options["answer"]) and len(options["draft"]) > 1:
            raise CommandError("A reason is for one draft. Approve those that want one by themselves.")
        results = [result(str(name), by, options) for name in options["draft"]]
        self.answer(options, [each for each, _ in results], [said for each, said in results if not each["error"]])
        if refused := [said for each, said in results if each["error"]]:
            raise CommandError("\n".join(refused))


def result(name: str, by: User, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """As a document and as a line."""
    draft = asked_at = None
    try:
        draft = draft_of(name)
        asked_at = wanted(draft, options["at"])
        approve(draft, by, asked_at, options)
    except Refused as refused:
        found = Draft.objects.filter(pk=draft.pk).first() if draft else None
        why = f"{refused} (--{refused.FIELD} REASON)" if isinstance(refused, WantsReason) else str(refused)
        told = document(name, found, asked_at, why)
        return told, f"Draft {told['id']}: {why}"
    told = document(name, draft, asked_at, None)
    return told, line(draft, told)


def wanted(draft: Draft, at: str | None) -> datetime:
    if at is not None:
        return moments.parse(at, draft.account.client.zone)
    try:
        return draft.default_time()
    except TimePassed:
        raise TimePassed(f"{draft.over} Say when it goes out: --at TIME, or --at now.") from None


def approve(draft: Draft, by: User, at: datetime, options: dict[str, Any]) -> None:
    mode = Publication.Mode.MANUAL if options["manual"] else Publication.Mode.AUTO
    digest = draft.digest() if options["digest"] is None else options["digest"]
    more = {name: options[name] for name in ("exact", "override", "although", "answer")}
    heard = [comment.pk for comment in draft.unanswered]
    draft.approve(by=by, digest=digest, at=at, mode=mode, via=Via.CLI, seen=Seen(comments=heard), **more)


def document(name: str, draft: Draft | None, asked_at: datetime | None, error: str | None) -> dict[str, Any]:
    publication, agreed = (draft.publication, draft.agreement) if draft else (None, None)
    moved = asked_at is not None and publication is not None and publication.publish_at > asked_at + MOMENT
    return {
        "id": draft.pk if draft else as_given(name),
        "state": draft.state if draft else None,
        "publication": publication.pk if publication else None,
        "publish_at": publication.publish_at if publication else None,
        "asked_at": asked_at,
        "moved": moved,
        "held": (outlook.obstacle(publication, timezone.now()) or None) if publication else None,
        "agreed_by": agreed.by.get_username() if agreed and agreed.by else None,
        "error": error,
    }


def as_given(name: str) -> int | str:
    try:
        return int(name)
    except ValueError:
        return name


def line(draft: Draft, told: dict[str, Any]) -> str:
    if told["publication"] is None:
        said = f"Draft {draft.pk} is approved by {told['agreed_by']} and stays in review."
        return f"{said} Another person has to approve it too."
    clock = draft.account.clock
    why = f" {clock(told['asked_at'])} is not free in the account's cadence." if told["moved"] else ""
    held = f" {told['held']}" if told["held"] else ""
    return f"Draft {draft.pk} is approved: publication {told['publication']}, {clock(told['publish_at'])}.{why}{held}"
