from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from approval.deciding import draft_of
from approval.models import Draft
from publishing.models import Publication
from sophia import moments
from sophia.command import DeskCommand, person
from sophia.doors import Via
from sophia.refusals import Refused

MOMENT = timedelta(minutes=1)
"""A time that is later than the one asked for by less than this was not moved."""


class Command(DeskCommand):
    help = "Approves drafts, each for itself, and sets them going."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draft", nargs="+", metavar="ID", help="The drafts. manage.py drafts lists them.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who approves.")
        parser.add_argument("--at", metavar="TIME", help="now, or ISO 8601. Left out: when the draft suggests.")
        parser.add_argument("--exact", action="store_true", help="Refuse, where the account's cadence moves it later.")
        parser.add_argument("--override", default="", metavar="REASON", help="Break the cadence, and say why.")
        parser.add_argument("--manual", action="store_true", help="A person posts it, from a copy-ready package.")
        parser.add_argument("--digest", metavar="SHA", help="Approve only what this digest stands for. For one draft.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"])
        if options["digest"] is not None and len(options["draft"]) > 1:
            raise CommandError("--digest stands for one draft. Approve the drafts one by one.")
        results = [result(str(name), by, options) for name in options["draft"]]
        self.answer(options, results, [line(each) for each in results if not each["error"]])
        if refused := [line(each) for each in results if each["error"]]:
            raise CommandError("\n".join(refused))


def result(name: str, by: User, options: dict[str, Any]) -> dict[str, Any]:
    draft = asked_at = None
    try:
        draft = draft_of(name)
        asked_at = (
            draft.planned_at if options["at"] is None else moments.parse(options["at"], draft.account.client.zone)
        )
        approve(draft, by, asked_at, options)
    except Refused as refused:
        found = Draft.objects.filter(pk=draft.pk).first() if draft else None
        return document(name, found, asked_at, str(refused))
    return document(name, draft, asked_at, None)


def wanted(draft: Draft, at: str | None) -> datetime:
    return draft.planned_at if at is None else moments.parse(at, draft.account.client.zone)


def approve(draft: Draft, by: User, at: datetime, options: dict[str, Any]) -> None:
    mode = Publication.Mode.MANUAL if options["manual"] else Publication.Mode.AUTO
    digest = draft.digest() if options["digest"] is None else options["digest"]
    more = {"exact": options["exact"], "override": options["override"]}
    draft.approve(by=by, digest=digest, at=at, mode=mode, via=Via.CLI, **more)


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
        "agreed_by": agreed.by.get_username() if agreed and agreed.by else None,
        "error": error,
    }


def as_given(name: str) -> int | str:
    try:
        return int(name)
    except ValueError:
        return name


def line(result: dict[str, Any]) -> str:
    if result["error"]:
        return f"Draft {result['id']}: {result['error']}"
    if result["publication"] is None:
        said = f"Draft {result['id']} is approved by {result['agreed_by']} and stays in review."
        return f"{said} Another person has to approve it too."
    when = f"{result['publish_at']:%Y-%m-%d %H:%M %Z}"
    why = f" {result['asked_at']:%Y-%m-%d %H:%M %Z} is not free in the account's cadence." if result["moved"] else ""
    return f"Draft {result['id']} is approved: publication {result['publication']}, {when}.{why}"
