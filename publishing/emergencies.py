"""The pages of an emergency: what would come down, the one confirmation, and what came of each post."""

from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from publishing.emergency_forms import ConfirmForm, ScopeForm
from publishing.models import Emergency, Recovery
from publishing.models.emergency import AT_ONE_PRESS, Scope
from publishing.models.tally import fate
from sophia.answers import Asked, seen_with, status_of
from sophia.refusals import Refused
from sophia.signin.confirmation import fresh_sign_in

viewing = seen_with("publishing.view_publication")
SHOWN = 500
EARLIER = 30
FATES = ["failed", "manual", "executing", "waiting", "awaited", "dismissed", "gone", "never_out"]
"""In the order in which somebody wants to see them."""


@require_GET
@viewing
def emergencies(request: Asked) -> HttpResponse:
    form = ScopeForm(request.GET if "client" in request.GET else None, person=request.user)
    if not form.is_valid():
        return show(request, form, status=422 if form.is_bound else 200)
    scope = Scope(form.cleaned_data["client"], form.cleaned_data["since"])
    confirm = ConfirmForm(person=request.user, initial=ConfirmForm.fresh(scope.client, scope.since))
    return show(request, form, scope=scope, confirm=confirm)


def show(request: Asked, form: ScopeForm, status: int = 200, scope: Scope | None = None, **typed: Any) -> HttpResponse:
    done = Count("recoveries", filter=Q(recoveries__state=Recovery.State.COMPLETED))
    rows = Emergency.objects.visible_to(request.user).annotate(asked=Count("recoveries"), gone=done)
    context = {"form": form, "earlier": rows.select_related("client", "by")[:EARLIER], "scope": scope} | typed
    if scope:
        context |= preview(scope)
    return render(request, "publishing/emergencies.html", context, status=status)


def preview(scope: Scope) -> dict[str, Any]:
    posts = scope.posts.select_related("account__client").prefetch_related("pictures", "recoveries")
    coming_down = set(scope.coming_down.values_list("pk", flat=True))
    return {
        "posts": posts[:SHOWN],
        "count": posts.count(),
        "shown": SHOWN,
        "coming_down": coming_down,
        "on_their_way": scope.on_their_way.select_related("account__client").prefetch_related("pictures"),
    }


@fresh_sign_in
@require_POST
@viewing
def start(request: Asked) -> HttpResponse:
    form = ConfirmForm(request.POST, person=request.user)
    form.full_clean()
    client, since = form.cleaned_data.get("client"), form.cleaned_data.get("since")
    if client is None or since is None:
        messages.error(request, "Choose the client and the time once more. Nothing was changed.")
        return redirect("publishing:emergencies")
    again: dict[str, Any] = {"scope": Scope(client, since), "confirm": form}
    chosen = ScopeForm(person=request.user, initial={"client": client, "span": "at", "since": since}, zone=client.zone)
    if not form.is_valid():
        return show(request, chosen, 422, **again)
    try:
        emergency = Emergency.objects.start(by=request.user, **form.asked())
    except Refused as refused:
        return show(request, chosen, status_of(refused), refused=refused, **again)
    return redirect(emergency)


@require_GET
@viewing
def emergency(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(Emergency.objects.visible_to(request.user).select_related("client", "by", "pause"), pk=pk)
    rows = list(found.recoveries.select_related("publication__account__client", "executed_by"))
    needy = set(found.recoveries.needing_a_person().values_list("pk", flat=True))
    for row in rows:
        row.fate = fate(row, row.pk in needy)  # type: ignore[attr-defined]
    rows.sort(key=attrgetter("publication_id"), reverse=True)
    rows.sort(key=lambda row: FATES.index(row.fate))  # type: ignore[attr-defined]
    context = {
        "emergency": found,
        "rows": rows,
        "tally": found.tally(),
        "unasked": found.unasked.select_related("account__client"),
        "needy": len(needy),
    }
    return render(request, "publishing/emergency.html", context)


@fresh_sign_in
@require_POST
@viewing
def again(request: Asked, pk: int) -> HttpResponse:
    """What is left to a person is tried, or looked at, once more."""
    found = get_object_or_404(Emergency.objects.visible_to(request.user), pk=pk)
    try:
        count = found.try_again(by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        more = " Press once more for the others." if count == AT_ONE_PRESS else ""
        messages.success(request, f"Tried again: {count}.{more}" if count else "Nothing is left to try again.")
    return redirect(found)
