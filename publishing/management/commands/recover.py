import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from publishing import lookalikes
from publishing.models import Publication, Recovery
from sophia.command import DeskCommand, person
from sophia.doors import Via

PATIENCE = 120
"""Seconds to wait for a worker that took the recovery first."""
LOOK_EVERY = 0.25
BY_HAND = 3


class Command(DeskCommand):
    help = (
        "Takes a post down and proves it gone. Leaves with 0 when it is gone or filed, 1 when it failed and can be "
        "repeated, 3 when a person must remove it by hand."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("publication", help="Its id, its permalink, or the platform's id of the post.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who takes it down.")
        parser.add_argument("--reason", required=True, help="Kept with the post.")
        parser.add_argument("--urgency", choices=Recovery.Urgency.values, default=Recovery.Urgency.IMMEDIATE.value)

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


def carry_out(recovery: Recovery) -> None:
    """Here, unless a worker was quicker. Then wait for what the worker finds."""
    recovery.execute()
    patience = time.monotonic() + PATIENCE
    recovery.refresh_from_db()
    while recovery.state == Recovery.State.EXECUTING and time.monotonic() < patience:
        time.sleep(LOOK_EVERY)
        recovery.refresh_from_db()


def require_gone_or_filed(publication: Publication, recovery: Recovery) -> None:
    if recovery.state == Recovery.State.MANUAL:
        raise CommandError(f"A person must remove {publication} by hand: {where(publication)}", returncode=BY_HAND)
    if recovery.state == Recovery.State.FAILED:
        raise CommandError(f"{publication} is not proved gone: {recovery.note} It stays open: run this again.")
    if recovery.is_started:
        raise CommandError(f"{publication} is still up. Sophia goes on by itself: {recovery.note}")
    if recovery.state == Recovery.State.EXECUTING:
        raise CommandError(f"A worker is still taking {publication} down. Run this again to see what came of it.")


def document(publication: Publication, recovery: Recovery) -> dict[str, Any]:
    return {
        "publication": publication.pk,
        "recovery": recovery.pk,
        "state": recovery.state,
        "publication_state": publication.state,
        "account": publication.account.label,
        "post_id": publication.post_id or None,
        "permalink": publication.permalink or None,
        "urgency": recovery.urgency,
        "reason": recovery.reason,
        "seen_gone_at": recovery.seen_gone_at,
        "note": recovery.note,
        "steps": steps(recovery),
    }


def lines(publication: Publication, recovery: Recovery) -> list[str]:
    if recovery.is_started:
        return [f"Recovery {recovery.pk} of {publication} waits: {recovery.note}"]
    if recovery.state == Recovery.State.PENDING:
        return [f"Filed recovery {recovery.pk} of {publication}: a person reviews it. It is still up."]
    said = f"Recovery {recovery.pk} of {publication}: {recovery.get_state_display()}."
    if recovery.is_proved:
        return [said, recovery.note]
    return [said, *(f"{number}. {step}" for number, step in enumerate(steps(recovery), 1))]


def steps(recovery: Recovery) -> list[str]:
    return list(recovery.steps()) if recovery.state == Recovery.State.MANUAL else []


def where(publication: Publication) -> str:
    return publication.permalink or f"post {publication.post_id} on {publication.account}"
