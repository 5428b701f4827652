import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from publishing import lookalikes
from publishing.models import Publication, Recovery
from sophia.command import DeskCommand, person
from sophia.doors import Via

PATIENCE = 120
"""Seconds to wait for the proof, or for a worker that was quicker."""
LOOK_EVERY = 0.25
SOON = timedelta(seconds=10)
"""A repeat so near is waited for and carried out here."""
BY_HAND = 3


class Command(DeskCommand):
    help = (
        "Takes a post down and proves it gone. What is being published, or may be live, is filed, and comes down as "
        "soon as it is known to be out. Leaves with 0 when it is gone or filed, 1 when it is not gone yet and Sophia "
        "goes on by itself, 3 when a person must remove it by hand."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("publication", help="Its id, its permalink, or the platform's id of the post.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who takes it down.")
        parser.add_argument("--reason", required=True, help="Kept with the post.")
        parser.add_argument(
            "--urgency",
            choices=Recovery.Urgency.values,
            default=Recovery.Urgency.IMMEDIATE.value,
            help="immediate takes it down now; review asks a person to decide. Left out: immediate.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"])
        publication = Publication.objects.named(options["publication"])
        recovery = publication.recover(by=by, reason=options["reason"], urgency=options["urgency"], via=Via.CLI)
        if options["urgency"] == Recovery.Urgency.IMMEDIATE:
            carry_out(recovery)
        publication.refresh_from_db()
        said = [*lines(publication, recovery), *lookalikes.told(recovery)]
        self.answer(options, document(publication, recovery) | lookalikes.document(recovery), said)
        require_gone_or_filed(publication, recovery)
        if recovery.photos_left:  # The post is gone, which is what was asked.
            self.stderr.write(f"{publication} is gone, but not all of its photos are. {recovery.note}")


def carry_out(recovery: Recovery) -> None:
    """Here, unless a worker is quicker, as long as the next step is only moments away. Workers do the rest."""
    patience = time.monotonic() + PATIENCE
    recovery.execute()
    recovery.refresh_from_db()
    while goes_on_soon(recovery) and time.monotonic() < patience:
        time.sleep(LOOK_EVERY)
        if recovery.next_at and recovery.next_at <= timezone.now():
            recovery.execute()
        recovery.refresh_from_db()


def goes_on_soon(recovery: Recovery) -> bool:
    """A worker may hold it for a whole lease: that is waited for."""
    soon = recovery.next_at is not None and recovery.next_at <= timezone.now() + SOON
    return recovery.is_executing or (soon and recovery.state in {Recovery.State.PENDING, Recovery.State.FAILED})


def require_gone_or_filed(publication: Publication, recovery: Recovery) -> None:
    if recovery.state == Recovery.State.MANUAL:
        raise CommandError(
            f"A person must remove {publication} by hand: {where(publication)} {watched(recovery)}", returncode=BY_HAND
        )
    if recovery.state == Recovery.State.FAILED:
        raise CommandError(f"{publication} is not proved gone: {recovery.note} {repeated(recovery)}")
    if recovery.is_started and not recovery.is_filed:
        raise CommandError(f"{publication} is not proved gone. {recovery.note} {repeated(recovery)}")
    if recovery.is_executing:
        raise CommandError(
            f"A worker is still taking {publication} down. {recovery.under_way()} Run this again to see how it went."
        )


def repeated(recovery: Recovery) -> str:
    said = f"Sophia goes on by itself at {clock(recovery)}, if its workers run. Or run this again."
    if recovery.publication.account.is_healthy:
        return said
    return f"Connect its account again (manage.py connect): then Sophia goes on at once. {said}"


def watched(recovery: Recovery) -> str:
    if recovery.next_at:
        return f"Sophia looks whether it is gone, next at {clock(recovery)}."
    return "Sophia cannot look. Say on its page when you have seen it gone."


def clock(recovery: Recovery) -> str:
    assert recovery.next_at
    account = recovery.publication.account
    return f"{account.local(recovery.next_at):%H:%M:%S} {account.client.timezone}"


def document(publication: Publication, recovery: Recovery) -> dict[str, Any]:
    return {
        "publication": publication.pk,
        "recovery": recovery.pk,
        "state": recovery.state,
        "publication_state": publication.state,
        "account": publication.account.label,
        "post_id": publication.post_id or None,
        "permalink": publication.permalink or None,
        "known_how": publication.known_how or None,
        "candidates": [str(each) for each in publication.offered()] if publication.asks_which else [],
        "urgency": recovery.urgency,
        "reason": recovery.reason,
        "next_at": recovery.next_at,
        "last_live_at": recovery.last_live_at,
        "seen_gone_at": recovery.seen_gone_at if recovery.is_proved else None,
        "note": recovery.note,
        "unproved": recovery.unproved,
        "steps": steps(recovery),
        "photos_left": recovery.photos_left,
    }


def lines(publication: Publication, recovery: Recovery) -> list[str]:
    if recovery.is_filed:
        return [f"Recovery {recovery.pk} of {publication}: {recovery.under_way()}"]
    if recovery.is_started:
        return [f"Recovery {recovery.pk} of {publication} waits: {recovery.note}", *numbered(recovery)]
    if recovery.state == Recovery.State.PENDING:
        return [f"Filed recovery {recovery.pk} of {publication}: a person reviews it. It is still up."]
    said = f"Recovery {recovery.pk} of {publication}: {recovery.get_state_display()}."
    if recovery.is_proved:
        return [said, recovery.note]
    return [said, *numbered(recovery)]


def numbered(recovery: Recovery) -> list[str]:
    """How to remove it by hand, wherever it is not gone at once."""
    return [f"{number}. {step}" for number, step in enumerate(steps(recovery), 1)]


def steps(recovery: Recovery) -> list[str]:
    late = recovery.is_waiting or recovery.state in {Recovery.State.FAILED, Recovery.State.MANUAL}
    return list(recovery.steps()) if late else []


def where(publication: Publication) -> str:
    if publication.permalink or not publication.post_id:
        return publication.whereabouts()
    return f"post {publication.post_id} on {publication.account}"
