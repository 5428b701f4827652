"""The page of the notices, and how far a person has read them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from sophia.answers import Asked, seen_with
from sophia.notifications.models import Notice, NoticeQuerySet, Subscription

seeing = seen_with("notifications.view_notice")
PER_PAGE = 50
SHOWN = {"": "What matters", "urgent": "Urgent", "all": "Everything"}


@require_safe
@seeing
def notices(request: Asked) -> HttpResponse:
    # Read first: what comes while the page is made is not on it, and stays unread.
    newest = Notice.objects.values_list("pk", flat=True).first() or 0
    show = request.GET.get("show", "")
    mine = Notice.objects.visible_to(request.user)
    rows = {"urgent": mine.filter(urgent=True), "all": mine}.get(show, mine.worth(request.user))
    page = Paginator(asked_for(rows, request.GET.get("client", "")), PER_PAGE).get_page(request.GET.get("page"))
    unread = Notice.objects.unread_by(request.user).filter(pk__in=[one.pk for one in page])
    context = {"page": page, "shown": SHOWN, "show": show, "newest": newest}
    context["fresh"] = set(unread.values_list("pk", flat=True))
    clients: Any = Notice._meta.get_field("client").related_model
    context["clients"] = clients.objects.visible_to(request.user)
    context["broken"] = Subscription.objects.visible_to(request.user).broken()
    return render(request, "notices.html", context)


def asked_for(rows: NoticeQuerySet, client: str) -> NoticeQuerySet:
    if client.isdecimal() and len(client) < 19:
        rows = rows.filter(client_id=int(client))
    return rows.select_related("client")


@require_POST
@seeing
def read(request: Asked) -> HttpResponse:
    up_to = request.POST.get("up_to", "")
    if up_to.isdecimal() and len(up_to) < 19:
        Notice.objects.all().read(by=request.user, up_to=int(up_to))
    return redirect("notices:notices")
