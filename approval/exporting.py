"""The lists of drafts as CSV, with the filters of their pages."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from approval import screens
from approval.models import Draft, DraftPicture
from publishing.models import Publication
from sophia import spreadsheets
from sophia.answers import Asked, seen_with

AT_ONCE = 500
"""Rows in memory."""
HEADS = (
    *("id", "ref", "state", "client", "account", "title", "text", "link", "images", "alt", "suggested_at"),
    *("submitted_at", "author", "source", "publication", "stage"),
)

COLUMNS = (
    *("ref", "state", "account", "title", "text", "link", "suggested_at", "submitted_at", "author", "source"),
    "publication",
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
    """Accounts and people are few: a join would build them anew for each row, and decrypt a token."""
    images = Prefetch("pictures", DraftPicture.objects.only("draft", "alt"))
    out = Prefetch("publication", Publication.objects.only("state"))
    bare = rows.select_related(None).prefetch_related(None).only(*COLUMNS)
    whole = bare.prefetch_related("account__client", "author", out, images)
    for row in whole.iterator(chunk_size=AT_ONCE):
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
