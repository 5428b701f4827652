"""The lists of publications as CSV, with the filters of their pages."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from publishing import screens
from publishing.models import Publication, PublicationPicture
from sophia import spreadsheets
from sophia.answers import Asked, seen_with

AT_ONCE = 500
"""Rows in memory."""
HEADS = (
    *("id", "state", "client", "account", "text", "link", "images", "planned", "published", "post_id", "permalink"),
    *("approved_by", "approved_at", "mode", "reason"),
)


@require_safe
@seen_with("publishing.view_publication")
def export(request: Asked) -> StreamingHttpResponse:
    """What ?state= or ?needs= lists; without them everything, not only the ends that the overview shows."""
    rows = screens.of_client(Publication.objects.visible_to(request.user), request.GET.get("client", ""))
    choice = screens.filtered(rows, request.user, request.GET)
    listed = choice[0] if choice else rows.order_by("-publish_at", "-pk")
    named = [word for word in (request.GET.get("needs"), request.GET.get("state")) if word in NAMES]
    return spreadsheets.download("-".join(["publications", *named[:1]]), HEADS, written(listed))


COLUMNS = (
    *("state", "account", "text", "link", "publish_at", "published_at", "post_id", "permalink"),
    *("approved_by", "approved_at", "mode", "reason"),
)
NAMES = {*Publication.State.values, "recovery"}


def written(rows: Any) -> Iterator[list[Any]]:
    """Accounts and people are few: a join would build them anew for each row, and decrypt a token."""
    images = Prefetch("pictures", PublicationPicture.objects.only("publication"))
    bare = rows.select_related(None).prefetch_related(None).only(*COLUMNS)
    whole = bare.prefetch_related("account__client", "approved_by", images)
    for row in whole.iterator(chunk_size=AT_ONCE):
        yield cells(row)


def cells(row: Publication) -> list[Any]:
    zone = row.account.client.zone
    return [
        row.pk,
        row.get_state_display(),
        row.account.client,
        row.account.label,
        row.text,
        row.link,
        len(row.pictures.all()),
        spreadsheets.local(row.publish_at, zone),
        spreadsheets.local(row.published_at, zone),
        row.post_id,
        row.permalink,
        row.approved_by,
        spreadsheets.local(row.approved_at, zone),
        row.mode,
        row.reason,
    ]
