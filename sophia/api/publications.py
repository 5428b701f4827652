from datetime import datetime
from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Path, Query, Router

from publishing import gates, models, screens
from publishing.models.states import State
from sophia.api import paging, shapes, sight, values
from sophia.api.bearer import Asked, Bearer
from sophia.api.drafts import client
from sophia.api.values import iso
from sophia.tokens.models import Token

router = Router(tags=["Publications"])
reading = Bearer("publications:read")


class Narrowing(paging.Paging):
    state: State | None = None
    account: values.Label | None = None
    client: values.Id | None = None


@router.get("", auth=reading, response=shapes.Publications, summary="List publications")
def listed(request: Asked, asked: Query[Narrowing]) -> Any:
    rows = sight.publications(request.auth)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.account:
        rows = rows.filter(account=sight.account(request.auth, asked.account))
    if asked.client:
        rows = rows.filter(account__client=asked.client)
    return paging.page(request, rows, asked, documents)


def documents(found: list[models.Publication]) -> list[dict[str, Any]]:
    held = gates.holding(found, timezone.now())
    return [document(each, held.get(each.pk)) for each in found]


@router.get("/{int:pk}", auth=reading, response=shapes.PublicationInFull, summary="Show a publication")
def show(request: Asked, pk: Path[values.Id]) -> Any:
    """With everything that happened to it, and, while it waits, each gate that could hold it."""
    return in_full(find(request.auth, pk), timezone.now())


def find(token: Token, pk: int) -> models.Publication:
    return get_object_or_404(sight.publications(token), pk=pk)


def document(found: models.Publication, held: str | None) -> dict[str, Any]:
    return {
        "id": found.pk,
        "url": settings.SOPHIA_PUBLIC_URL + found.get_absolute_url(),
        "account": found.account.label,
        "client": client(found.account),
        "state": found.state,
        "mode": found.mode,
        "publish_at": iso(found.publish_at),
        "published_at": iso(found.published_at),
        "post_id": found.post_id or None,
        "permalink": found.permalink or None,
        "known_by": found.known_by or None,
        "reason": found.reason,
        "held": held,
        "approved_by": found.approved_by.get_username(),
        "approved_at": iso(found.approved_at),
    }


def in_full(found: models.Publication, now: datetime) -> dict[str, Any]:
    answers = gates.verdicts(found, now) if found.state == State.QUEUED else []
    closed = next((verdict for _, verdict in answers if not isinstance(verdict, gates.Go)), None)
    recoveries = list(found.recoveries.all())
    return document(found, closed.because if closed else None) | {
        "draft": draft_of(found),
        "text": found.text,
        "link": found.link,
        "images": found.manifest()["images"],
        "digest": found.digest(),
        "gates": [gate(name.name, verdict) for name, verdict in answers],
        "earliest": iso(gates.earliest(found, answers, now)) if answers else None,
        "timeline": [happening(*each) for each in screens.timeline(found, recoveries)],
        "recoveries": [recovery.pk for recovery in recoveries],
    }


def draft_of(found: models.Publication) -> int | None:
    """Also when the draft was reopened since: its approval names it."""
    return found.decisions.values_list("draft", flat=True).first()


def gate(name: str, verdict: gates.Verdict) -> dict[str, Any]:
    return {
        "name": name,
        "verdict": type(verdict).__name__.lower(),
        "because": getattr(verdict, "because", ""),
        "until": iso(getattr(verdict, "until", None)),
    }


def happening(at: datetime, what: str, row: Any) -> dict[str, Any]:
    return {"at": iso(at), "what": what, "said": SAID[what](row)}


SAID = {
    "decision": lambda row: f"{row.who} has {row.verb} it{row.whereby}. {row.note}".strip(),
    "attempt": lambda row: f"{row.get_outcome_display() or 'under way'}. {row.sentence}".strip(),
    "sighting": lambda row: f"{row.get_verdict_display()}. {row.message}".strip(),
    "recovery": lambda row: f"{row.requested_by} asked to take it down: {row.reason} ({row.get_state_display()})",
}
