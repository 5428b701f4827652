"""Moving what stands in the calendar, and its links for calendar programs. The page itself is `sophia.calendar`."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from publishing import outlook
from publishing.calendar import feeds, moving
from publishing.calendar.asking import kept, view_of
from publishing.calendar.forms import MoveForm
from publishing.models import Client, Feed, Publication
from publishing.views import find, wrong
from sophia import people
from sophia.answers import Asked, seen_with, status_of
from sophia.refusals import Refused
from sophia.signin.confirmation import fresh_sign_in

operating = seen_with("publishing.view_publication", people.OPERATE)
viewing = seen_with("publishing.view_publication")


def back(request: Asked) -> HttpResponse:
    query = kept(request.GET)
    return redirect(reverse("calendar") + (f"?{query}" if query else ""))


@require_GET
@operating
def openings(request: Asked, pk: int) -> HttpResponse:
    """Where in the week or month that is shown the account is closed for this publication."""
    now = timezone.now()
    found, period = find(request, pk), view_of(request.GET, request.user, now).period
    return JsonResponse({"now": now.isoformat(), "closed": moving.closed(found, period)})


@require_GET
@operating
def slot(request: Asked, pk: int) -> HttpResponse:
    """What would come of moving it to ?at=, or to the same time on ?onto=."""
    found, asked = find(request, pk), request.GET
    try:
        zone = view_of(asked, request.user, timezone.now()).zone
        wanted = moving.wanted(found, asked.get("at", ""), asked.get("onto", ""), zone)
    except Refused as refused:
        return JsonResponse({"never": True, "because": str(refused)}, status=status_of(refused))
    return JsonResponse(moving.answer(found, wanted))


@require_http_methods(["GET", "POST"])
@viewing
def move(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    if request.method == "GET":
        at = found.account.local(moving.proposed(found, timezone.now()))
        return show_move(request, found, {"at": at.strftime(moving.TYPED)})
    form = MoveForm(request.POST, zone=found.account.client.zone)
    if not form.is_valid():
        return show_move(request, found, request.POST, wrong(form), 422)
    was = found.local_time()
    try:
        found.reschedule(by=request.user, exact=True, **form.cleaned_data)
    except Refused as refused:
        return show_move(request, find(request, pk), request.POST, refused, status_of(refused))
    messages.success(
        request, f"Moved to {found.local_time()}. It was {was}. {outlook.obstacle(found, timezone.now())}".strip()
    )
    return back(request)


def show_move(
    request: Asked, found: Publication, typed: Any, refused: object = None, status: int = 200
) -> HttpResponse:
    context = {
        "publication": found,
        "typed": typed,
        "refused": refused,
        "back": kept(request.GET),
        "movable": "reschedule" in {step.name for step in found.get_available_state_transitions()},  # type: ignore[attr-defined]
    }
    return render(request, "publishing/calendar_move.html", context, status=status)


@require_safe
def feed(request: HttpRequest, ticket: str) -> HttpResponse:
    """Without signing in: whoever has the link may read it until it is revoked."""
    found = Feed.objects.named(ticket)
    if found is None:
        raise Http404
    text = feeds.written(found.client, timezone.now())
    headers = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


@fresh_sign_in
@require_POST
@viewing
def make_feed(request: Asked, pk: int) -> HttpResponse:
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    return feed_door(request, lambda: Feed.objects.make(client, by=request.user), "Made. Copy the link below.")


@require_POST
@viewing
def revoke_feed(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(Feed.objects.visible_to(request.user).select_related("client"), pk=pk)
    return feed_door(request, lambda: found.revoke(by=request.user), "Revoked. The link leads nowhere from now on.")


def feed_door(request: Asked, verb: Any, done: str) -> HttpResponse:
    try:
        verb()
    except Refused as refused:
        context = {"refused": refused, "back": kept(request.GET)}
        return render(request, "publishing/calendar_refused.html", context, status=status_of(refused))
    messages.success(request, done)
    return back(request)
