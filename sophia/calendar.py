"""The calendar: what is planned and what went out, and the drafts that somebody would like to see in between."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from approval.models import Draft
from publishing.calendar import entries, grid
from publishing.calendar.asking import View, view_of
from publishing.calendar.entries import Entry, Found
from publishing.calendar.periods import Month
from publishing.models import Feed
from sophia import people
from sophia.answers import Asked, seen_with
from sophia.membership import Person

MOST = {"month": grid.MOST_IN_A_CELL, "week": 8, "day": 60}
"""Entries of each day. A link leads to the rest."""


@require_GET
@seen_with("publishing.view_publication")
def calendar(request: Asked) -> HttpResponse:
    view = view_of(request.GET, request.user, timezone.now())
    context = laid_out(view, found(view, request)) | {
        "view": view,
        "may_move": request.user.has_perm(people.OPERATE),
        "feeds": Feed.objects.visible_to(request.user).in_force().filter(client=view.client).select_related("made_by"),
    }
    return render(request, "publishing/calendar.html", context)


def found(view: View, request: Asked) -> Found:
    most = MOST[view.period.kind]
    client = view.client.pk if view.client else None
    may_move = request.user.has_perm(people.OPERATE)
    planned = entries.publications(request.user, view.period, client, most, may_move=may_move)
    if not request.user.has_perm("approval.view_draft"):
        return planned
    return entries.together([planned, suggested(request.user, view, client, most)])


def suggested(person: Person, view: View, client: int | None, most: int) -> Found:
    """Nobody has approved them: they stand there as ghosts."""
    period = view.period
    rows = Draft.objects.visible_to(person).in_review()
    rows = rows.filter(suggested_at__gte=period.start, suggested_at__lt=period.end)
    if client is not None:
        rows = rows.filter(account__client=client)
    rows = rows.prefetch_related("account__client").annotate(at=F("suggested_at"))
    shown, counts = entries.foremost(rows, period, most)
    return Found([ghost_of(draft) for draft in shown], counts)


def ghost_of(draft: Any) -> Entry:
    return Entry(
        at=draft.at,
        account=draft.account,
        words=draft.title or entries.words_of(draft),
        state=draft.state,
        label="in review, suggested",
        address=draft.get_absolute_url(),
    )


def laid_out(view: View, shown: Found) -> dict[str, Any]:
    if isinstance(view.period, Month):
        return {"weeks": grid.month(view.period, shown, view.now), "total": sum(shown.counts.values())}
    days = grid.hourly(view.period, shown, view.now, MOST[view.period.kind])
    return {"days": days, "hours": days[0].hours, "total": sum(shown.counts.values())}
