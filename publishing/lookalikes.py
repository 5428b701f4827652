"""What looks like a post that is taken down, as pages and commands tell it. Reads only."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from publishing.models import Lookalike, Publication, Recovery
from publishing.models.lookalike import alike, of_the_same_client
from publishing.models.states import NEEDING_A_PERSON, State

NAMED = 5
LOOKED_AT = 500
"""Take-downs of a client, the latest first, with which a post that needs a person is compared."""


def told(recovery: Recovery) -> list[str]:
    """What starting it did to others, and what it could not do, as sentences."""
    rows = list(recovery.lookalikes.holding().select_related("publication__account"))
    held = [row.publication for row in rows if row.publication.state == State.QUEUED]
    late = [row.sentence for row in rows if row.publication.state in {State.PUBLISHING, State.UNCONFIRMED}]
    if not held:
        return late
    more = f" and {len(held) - NAMED} more" if len(held) > NAMED else ""
    names = ", ".join(f"publication {twin.pk}" for twin in held[:NAMED])
    return [f"Held, because it looks the same: {names}{more}. Release or cancel each.", *late]


def warn(request: HttpRequest, recovery: Recovery) -> None:
    for sentence in told(recovery):
        messages.warning(request, sentence)


def document(recovery: Recovery) -> dict[str, Any]:
    """The same for scripts: ids of publications."""
    rows = recovery.lookalikes.holding().values_list("publication", "publication__state")
    return {
        "held": [pk for pk, state in rows if state == State.QUEUED],
        "too_late_for": [pk for pk, state in rows if state in {State.PUBLISHING, State.UNCONFIRMED}],
    }


def around(found: Publication) -> dict[str, Any]:
    """For the page of one publication: what holds it, and what its own take-down holds."""
    twins = Lookalike.objects.filter(recovery__publication=found).exclude(recovery__state=Recovery.State.DISMISSED)
    return {
        "held_as": found.held_as,
        "last_takedown": found.recoveries.exclude(state=Recovery.State.DISMISSED).first(),
        "twins": twins.select_related("publication__account__client", "released_by"),
        "resembles": taken_down_like(found) if found.state in NEEDING_A_PERSON else None,
    }


def taken_down_like(found: Publication) -> Publication | None:
    """One that people took down, or are taking down, and that says or shows the same."""
    started = Recovery.objects.exclude(executed_by=None).exclude(state=Recovery.State.DISMISSED)
    started = started.filter(publication__account__client=found.account.client_id)
    latest = list(started.order_by("-requested_at").values_list("publication", flat=True)[:LOOKED_AT])
    same = alike(found, of_the_same_client(found).filter(pk__in=latest))
    return Publication.objects.filter(pk__in=same).order_by("pk").last()
