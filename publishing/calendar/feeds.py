"""What a client's calendar link gives: their posts, by time and state, and nothing that is the desk's own."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import capfirst

from publishing.calendar import ics
from publishing.calendar.entries import AT, between, words_of
from publishing.models import Client, Publication
from publishing.models.states import State

BACK, AHEAD = timedelta(days=90), timedelta(days=366)
MOST = 2000
EVERY = "PT30M"
STATUS = {
    State.QUEUED: "CONFIRMED",
    State.PUBLISHING: "CONFIRMED",
    State.PUBLISHED: "CONFIRMED",
    State.CANCELLED: "CANCELLED",
    State.RECOVERED: "CANCELLED",
}
"""Whatever else there is may or may not go out."""
SAID = {State.QUEUED: "planned", State.RECOVERED: "taken down", State.HANDOFF: "to be posted by hand"}


def written(client: Client, now: datetime) -> str:
    rows = between(Publication.objects.annotate(at=AT), now - BACK, now + AHEAD)
    events = [
        event_of(row)
        for row in rows.filter(account__client=client).select_related("account").order_by(AT.desc(), "-pk")[:MOST]
    ]
    return ics.written(f"{client}: posts", events, now, EVERY)


def event_of(row: Any) -> ics.Event:
    said = SAID.get(row.state, row.get_state_display())
    return ics.Event(
        uid=f"publication-{row.pk}@{urlsplit(settings.SOPHIA_PUBLIC_URL).hostname}",
        at=row.at,
        summary=f"{capfirst(said)}: {words_of(row)}",
        description=f"{row.account}\n{capfirst(said)}.",
        status=STATUS.get(row.state, "TENTATIVE"),
        address=settings.SOPHIA_PUBLIC_URL + row.get_absolute_url(),
    )
