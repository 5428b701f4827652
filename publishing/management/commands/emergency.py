import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from publishing.management.commands.pause import client_named
from publishing.models import Emergency, Publication, Recovery
from publishing.models.emergency import Scope
from publishing.models.tally import Tally
from sophia import moments, people
from sophia.command import DeskCommand, person, printable, table
from sophia.doors import Via

PATIENCE = 120
"""Seconds to wait for what the workers, or this process, find. More for many posts."""
PER_POST = 5
LOOK_EVERY = 0.25
BY_HAND = 3
COUNTED = ("gone", "executing", "waiting", "failed", "manual", "dismissed", "photos_left", "awaited", "never_out")


class Command(DeskCommand):
    help = (
        "Takes down everything of a client that was published since a time, and pauses the client. Shows first what "
        "would come down, and asks for the client's name, unless --yes. Leaves with 0 when all is gone, 1 when some "
        "failed or are not settled yet, 3 when nothing is left but what a person must remove by hand."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--client", required=True, metavar="NAME", help="Whose posts.")
        parser.add_argument("--since", required=True, metavar="TIME", help="ISO 8601, on the client's clock.")
        parser.add_argument("--reason", required=True, help="Kept with every post.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who takes them down.")
        parser.add_argument("--no-pause", action="store_true", help="Do not pause the client.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        by, client = person(options["by"]), client_named(options["client"])
        people.require(by, people.RECOVER, of=client.pk)  # Before anything of theirs is shown.
        scope = Scope(client, moments.parse(options["since"], client.zone))
        scope.require_something()
        if not options["yes"]:
            self.ask(scope, options)
        emergency = Emergency.objects.start(
            by=by,
            client=client,
            since=scope.since,
            reason=options["reason"],
            pause=not options["no_pause"],
            via=Via.CLI,
        )
        emergency.follow()
        carry_out(emergency)
        tally = emergency.tally()
        self.answer(options, document(emergency, tally), lines(emergency, tally))
        require_gone(emergency, tally)

    def ask(self, scope: Scope, options: dict[str, Any]) -> None:
        if options["json"]:
            self.answer(options, {"emergency": None, "posts": [shown(post) for post in scope.posts]}, [])
        else:
            self.stdout.write("\n".join(preview(scope)))
        if options["json"] or not (sys.stdin and sys.stdin.isatty()):
            raise CommandError("Nothing was taken down. Nobody can be asked here: add --yes to go on without asking.")
        if input(f"Type the client's name to take them down [{scope.client}]: ").strip() != scope.client.name.strip():
            raise CommandError("That is not the client's name. Nothing was taken down.")


def carry_out(emergency: Emergency) -> None:
    """Here, beside the workers: each claim lets one of them. Then what nobody can hurry is waited for, for a while."""
    patience = time.monotonic() + max(PATIENCE, PER_POST * emergency.recoveries.count())
    while True:
        for recovery in emergency.recoveries.open().exclude(pk__in=Recovery.objects.needing_a_person()):
            recovery.execute()
        emergency.follow()
        if not emergency.is_at_work or time.monotonic() > patience:
            return
        time.sleep(LOOK_EVERY)


def require_gone(emergency: Emergency, tally: Tally) -> None:
    said = f"{emergency}: {tally.sentence}"
    if tally.failed or tally.open or tally.dismissed:
        goes_on = tally.open or tally.failed
        what_next = "Sophia goes on with what is open" if goes_on else "What may stay up is listed there"
        raise CommandError(f"{said} {what_next}: {emergency.get_absolute_url()}")
    if tally.manual:
        raise CommandError(f"{said} {emergency.get_absolute_url()} says how.", returncode=BY_HAND)


def document(emergency: Emergency, tally: Tally) -> dict[str, Any]:
    counts = {name: len(getattr(tally, name)) for name in COUNTED}
    rows = emergency.recoveries.select_related("publication__account").order_by("publication")
    return {
        "emergency": emergency.pk,
        "client": emergency.client.name,
        "since": emergency.since,
        "reason": emergency.reason,
        "pause": emergency.pause_id,
        "finished_at": emergency.finished_at,
        "counts": counts | {"total": tally.total},
        "posts": [shown(row.publication) | {"recovery": row.pk, "state": row.state, "note": row.note} for row in rows],
    }


def shown(publication: Publication) -> dict[str, Any]:
    return {
        "publication": publication.pk,
        "account": publication.account.label,
        "text": publication.text,
        "published_at": publication.published_at,
        "post_id": publication.post_id or None,
        "permalink": publication.permalink or None,
    }


def preview(scope: Scope) -> list[str]:
    heads = ("ID", "ACCOUNT", "OUT SINCE", "POST", "TEXT")
    posts = list(scope.posts.select_related("account__client"))
    rows = [
        (post.pk, post.account.label, local(post), post.permalink or post.post_id, post.text[:60]) for post in posts
    ]
    going = [f"{each} is with the platform: it comes down if it is live." for each in scope.on_their_way]
    return [f"Would come down: {len(posts)} of {printable(scope)}.", *table(heads, rows), *going]


def local(post: Publication) -> str:
    return post.account.clock(post.published_at) if post.published_at else ""


def lines(emergency: Emergency, tally: Tally) -> list[str]:
    rows = emergency.recoveries.select_related("publication__account").order_by("publication")
    results = [
        (
            row.publication_id,
            row.publication.account.label,
            row.get_state_display(),
            row.publication.permalink,
            row.note,
        )
        for row in rows
    ]
    held = f"{emergency.client} is paused: manage.py resume {emergency.pause_id} --by USER lifts it."
    said = [f"{emergency}: {tally.sentence}", *table(("ID", "ACCOUNT", "TAKE-DOWN", "POST", "NOTE"), results)]
    return [*said, held] if emergency.pause_id else said
