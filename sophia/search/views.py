"""One page that finds drafts and publications."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sophia.answers import Asked, seen_with
from sophia.search import finding

PER_PAGE = 30
FIRST = 10
"""Of each kind, while both are shown."""
searching = seen_with("approval.view_draft", "publishing.view_publication")


@require_safe
@searching
def search(request: Asked) -> HttpResponse:
    asked = finding.Asked.of(request.user, request.GET)
    kind = request.GET.get("kind", "")
    kinds = {kind: finding.KINDS[kind]} if kind in finding.KINDS else finding.KINDS
    groups = [] if asked.is_empty else [group(name, asked, request, len(kinds) == 1) for name in kinds]
    context = {"asked": asked, "groups": groups, "found": any(one["count"] for one in groups), "kind": kind}
    return render(request, "search.html", context | finding.choices(request.user))


def group(name: str, asked: finding.Asked, request: Asked, alone: bool) -> dict[str, Any]:
    kind = finding.KINDS[name]
    page = Paginator(kind.ids(asked), PER_PAGE if alone else FIRST).get_page(request.GET.get("page") if alone else 1)
    count, rows = page.paginator.count, kind.rows(list(page.object_list))
    return {"name": name, "title": kind.title, "page": page, "rows": rows, "count": count, "alone": alone}
