"""The pages on which operators say where notices go."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sophia import people
from sophia.answers import Asked, seen_with, status_of
from sophia.notifications.forms import SubscriptionForm
from sophia.notifications.models import Subscription
from sophia.notifications.services import SERVICES
from sophia.refusals import Refused
from sophia.signin.confirmation import fresh_sign_in, posted

viewing = seen_with("notifications.view_subscription")
changing = seen_with("notifications.view_subscription", people.SUBSCRIBE)
LATEST = 100


@require_safe
@viewing
def subscriptions(request: Asked) -> HttpResponse:
    mine = Subscription.objects.visible_to(request.user)
    rows = mine.broken() if request.GET.get("broken") == "1" else mine
    return render(request, "notices/subscriptions.html", {"subscriptions": rows.for_lists(request.user)})


@require_safe
@viewing
def subscription(request: Asked, pk: int) -> HttpResponse:
    return show(request, pk)


def show(request: Asked, pk: int, status: int = 200, refused: Refused | None = None) -> HttpResponse:
    found = get_object_or_404(Subscription.objects.visible_to(request.user).for_lists(request.user), pk=pk)
    deliveries = found.deliveries.told_to(request.user).select_related("notice__client")[:LATEST]
    context = {"subscription": found, "deliveries": deliveries, "latest": LATEST, "refused": refused}
    return render(request, "notices/subscription.html", context, status=status)


@fresh_sign_in(only=posted)
@require_http_methods(["GET", "HEAD", "POST"])
@changing
def new(request: Asked) -> HttpResponse:
    form = SubscriptionForm(request.POST or None, by=request.user)
    if not form.is_valid():
        return ask(request, form)
    try:
        made = Subscription.objects.subscribe(by=request.user, **form.cleaned_data)
    except Refused as refused:
        return ask(request, form, refused)
    messages.success(request, "Saved. Send a test to see that it arrives.")
    return redirect(made)


@fresh_sign_in(only=posted)
@require_http_methods(["GET", "HEAD", "POST"])
@changing
def edit(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(Subscription.objects.visible_to(request.user), pk=pk)
    form = SubscriptionForm(request.POST or None, by=request.user, subscription=found)
    if not form.is_valid():
        return ask(request, form)
    try:
        found.edit(by=request.user, **form.cleaned_data)
    except Refused as refused:
        return ask(request, form, refused)
    messages.success(request, "Saved.")
    return redirect(found)


def ask(request: Asked, form: SubscriptionForm, refused: Refused | None = None) -> HttpResponse:
    context = {
        "form": form,
        "subscription": form.subscription,
        "refused": refused,
        "services": list(dict.fromkeys(SERVICES.values())),
        "presets": Subscription.Preset.choices,
    }
    status = status_of(refused) if refused else 422 if form.is_bound else 200
    return render(request, "notices/edit.html", context, status=status)


@require_POST
@viewing
def test(request: Asked, pk: int) -> HttpResponse:
    return door(request, pk, lambda found: found.test(by=request.user), "The test was sent. Look whether it is there.")


@require_POST
@viewing
def switch_off(request: Asked, pk: int) -> HttpResponse:
    return door(request, pk, lambda found: found.switch_off(by=request.user), "Off. Nothing is sent to it.")


@require_POST
@viewing
def switch_on(request: Asked, pk: int) -> HttpResponse:
    return door(request, pk, lambda found: found.switch_on(by=request.user), "On. It gets what comes from now on.")


def door(request: Asked, pk: int, verb: Callable[[Subscription], object], done: str) -> HttpResponse:
    found = get_object_or_404(Subscription.objects.visible_to(request.user), pk=pk)
    try:
        verb(found)
    except Refused as refused:
        return show(request, pk, status_of(refused), refused)
    messages.success(request, done)
    return redirect(found)
