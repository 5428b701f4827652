"""The lists of drafts as CSV, with the filters of their pages."""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from approval import screens
from approval.models import Draft
from sophia import spreadsheets
from sophia.answers import Asked, seen_with

AT_ONCE = 500
"""Rows in memory."""
HEADS = (
    *("id", "ref", "state", "client", "account", "title", "text", "link", "images", "alt", "suggested_at"),
    *("submitted_at", "author", "source", "publication", "stage"),
)


@require_safe
@seen_with("approval.view_draft")
def export(request: Asked) -> StreamingHttpResponse:
    """The state that ?state= names, or else what waits for review in its order."""
    state = request.GET.get("state", "")
    listed = state in Draft.State.values and state != Draft.State.IN_REVIEW
    rows = screens.in_state(request.user, state, request.GET) if listed else screens.waiting(request.user, request.GET)
    name = f"drafts-{state if listed else Draft.State.IN_REVIEW.value}"
    return spreadsheets.download(name, HEADS, written(rows))


def written(rows: Any) -> Iterator[list[Any]]:
    whole = rows.select_related("account__client", "author", "publication").prefetch_related(None)
    for row in whole.prefetch_related("pictures").iterator(chunk_size=AT_ONCE):
        yield cells(row)


def cells(row: Draft) -> list[Any]:
    zone, pictures = row.account.client.zone, row.pictures.all()
    return [
        row.pk,
        row.ref,
        row.get_state_display(),
        row.account.client,
        row.account.label,
        row.title,
        row.text,
        row.link,
        len(pictures),
        " | ".join(picture.alt for picture in pictures),
        spreadsheets.local(row.suggested_at, zone),
        spreadsheets.local(row.submitted_at, zone),
        row.author,
        row.source,
        row.publication_id,
        row.stage,
    ]
