"""What a search found as CSV: drafts, then publications, in one table."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from sophia import spreadsheets
from sophia.answers import Asked, seen_with
from sophia.search import finding

AT_ONCE = 500
HEADS = ("kind", "id", "state", "client", "account", "title", "text", "link", "when", "permalink", "ref")


@require_safe
@seen_with("approval.view_draft", "publishing.view_publication")
def export(request: Asked) -> StreamingHttpResponse:
    asked, kind = finding.Asked.of(request.user, request.GET), request.GET.get("kind", "")
    kinds = [kind] if kind in finding.KINDS else list(finding.KINDS)
    rows = () if asked.is_empty else written(asked, kinds)
    return spreadsheets.download("search", HEADS, rows)


def written(asked: finding.Asked, kinds: Sequence[str]) -> Iterator[list[Any]]:
    for name in kinds:
        kind = finding.KINDS[name]
        ids = kind.ids(asked)
        for start in range(0, len(ids), AT_ONCE):
            yield from (cells(name, row) for row in kind.rows(ids[start : start + AT_ONCE]))


def cells(kind: str, row: Any) -> list[Any]:
    """A publication has its title and ref from its draft."""
    is_draft = kind == "drafts"
    draft = row if is_draft else getattr(row, "draft", None)
    when = row.suggested_at if is_draft else row.published_at or row.publish_at
    return [
        kind.removesuffix("s"),
        row.pk,
        row.get_state_display(),
        row.account.client,
        row.account.label,
        draft.title if draft else "",
        row.text,
        row.link,
        spreadsheets.local(when, row.account.client.zone),
        "" if is_draft else row.permalink,
        draft.ref if draft else "",
    ]
