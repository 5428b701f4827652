"""The pages of the queue, of one publication, and of the pauses."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from publishing import elsewhere, gates, handing_over, lifting, lookalikes, outlook, screens
from publishing.forms import DismissForm, LinkForm, PauseForm, RescheduleForm, TakedownForm, row_number
from publishing.models import Image, Pause, Publication, Recovery
from sophia import people
from sophia.answers import Asked, seen_with, status_of
from sophia.membership import works_for
from sophia.refusals import Refused

viewing = seen_with("publishing.view_publication")
FILED = "Filed. It is with the platform now, and comes down as soon as it is out."
PER_PAGE = 50
ASKED = {"immediate": "Being taken down. This page says when it is proved gone.", "review": "Filed for review."}


@require_GET
@viewing
def queue(request: Asked) -> HttpResponse:
    mine = Publication.objects.visible_to(request.user)
    rows = screens.for_lists(screens.of_client(mine, request.GET.get("client", "")))
    choice = screens.filtered(rows, request.user, request.GET)
    if choice is None:
        return render(request, "publishing/queue.html", screens.overview(rows, request.user))
    listed, title = choice
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    held = gates.holding(page, timezone.now())
    selectable = "missed" in {request.GET.get("needs"), request.GET.get("state")} and request.user.has_perm(
        people.OPERATE
    )
    context = {"page": page, "title": title, "states": Publication.State, "held": held, "selectable": selectable}
    return render(request, "publishing/list.html", context)


@require_GET
@viewing
def publication(request: Asked, pk: int) -> HttpResponse:
    return show(request, pk)


def find(request: Asked, pk: int, **more: Any) -> Publication:
    rows = Publication.objects.visible_to(request.user).select_related("account__client", "approved_by")
    return get_object_or_404(rows, pk=pk, **more)


def show(request: Asked, pk: int, status: int = 200, **extra: Any) -> HttpResponse:
    found = find(request, pk)
    context = screens.publication(found, request.user) | extra
    response = render(request, "publishing/publication.html", context, status=status)
    return elsewhere.let_in(response, context["offered"])


def door(request: Asked, pk: int, verb: Callable[[], object], done: str | Publication, **typed: Any) -> HttpResponse:
    """One verb of a publication, answered on its page. `done`: a sentence, or what is on its way again."""
    try:
        verb()
    except Refused as refused:
        return show(request, pk, status_of(refused), refused=refused, **typed)
    messages.success(request, done if isinstance(done, str) else outlook.said(done, timezone.now()))
    return redirect("publishing:publication", row_number(request.POST.get("back", "")) or pk)


def wrong(form: Any) -> str:
    return " ".join(error for errors in form.errors.values() for error in errors)


@require_POST
@viewing
def cancel(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    return door(request, pk, lambda: found.cancel(by=request.user), "Cancelled. It will not go out.")


@require_POST
@viewing
def release(request: Asked, pk: int) -> HttpResponse:
    """It looks like what was taken down, and may go out all the same."""
    found = find(request, pk)
    verb = lambda: found.release(by=request.user, note=request.POST.get("note", ""))  # noqa: E731
    return door(request, pk, verb, f"Released: {found}.")


@require_POST
@viewing
def retry(request: Asked, pk: int) -> HttpResponse:
    found, although = find(request, pk), request.POST.get("although", "")
    return door(request, pk, lambda: found.retry(by=request.user, although=although), found)


@require_POST
@viewing
def reschedule(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    form = RescheduleForm(request.POST, zone=found.account.client.zone)
    if not form.is_valid():
        return show(request, pk, 422, refused=wrong(form), reschedule=form)
    typed = {name: form.cleaned_data[name] for name in ("at", "override", "although")}
    verb = lambda: found.reschedule(by=request.user, exact=True, **typed)  # noqa: E731
    return door(request, pk, verb, found, reschedule=form)


@require_POST
@viewing
def confirm(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return show(request, pk, 422, refused=wrong(form), link=form["link"].value())
    link = form.cleaned_data["link"]
    try:
        said = handing_over.posted(found, by=request.user, link=link, keep="keep" in request.POST)
    except handing_over.TextDiffers as differs:
        diff = {"text": [found.outline().message, differs.message]}
        return show(request, pk, 409, refused=differs, link=link, differs=diff)
    except Refused as refused:
        return show(request, pk, status_of(refused), refused=refused, link=link)
    messages.success(request, f"Noted: it is live. {said}")
    return redirect("publishing:publication", pk)


@require_POST
@viewing
def deny(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    wish = found.takedown
    try:
        denied = handing_over.denied(found, by=request.user, although="although" in request.POST)
    except handing_over.MayBeLive as doubt:
        return show(request, pk, 409, refused=doubt, although=True)
    except Refused as refused:
        return show(request, pk, status_of(refused), refused=refused)
    if denied:
        messages.success(request, f"Noted: not live. {after_denial(found, wish)}")
    else:
        messages.warning(request, "Sophia looked once more and found it live. It is not sent again.")
    return redirect("publishing:publication", pk)


def after_denial(found: Publication, wish: Recovery | None) -> str:
    if wish is None:
        return f"It is sent again. {outlook.said(found, timezone.now())}"
    return "It does not go out any more." if wish.is_filed else "It waits until somebody decides about its take-down."


@require_safe
@seen_with("publishing.view_publication", people.OPERATE)
def package(request: Asked, pk: int) -> HttpResponse:
    """Everything that is needed to post it by hand."""
    found = find(request, pk, state=Publication.State.HANDOFF)
    try:
        data = handing_over.package(found)
    except Refused as refused:
        return show(request, pk, status_of(refused), refused=refused)
    name = f'attachment; filename="publication-{found.pk}.zip"'
    return HttpResponse(data, content_type="application/zip", headers={"Content-Disposition": name})


@require_POST
@viewing
def recover(request: Asked, pk: int) -> HttpResponse:
    """Takes it down, or takes an open recovery up again. A worker does the removing."""
    found = find(request, pk)
    form = TakedownForm(request.POST)
    if not form.is_valid():
        return show(request, pk, 422, refused=wrong(form), takedown=form)
    reason, urgency = form.cleaned_data["reason"], form.cleaned_data["urgency"]
    running = found.recoveries.under_way().first()
    done = running.refusal("start") if running else said(found, urgency)
    verb = lambda: found.recover(by=request.user, reason=reason, urgency=urgency)  # noqa: E731
    return door(request, pk, lambda: lookalikes.warn(request, verb()), done, takedown=form)


def said(found: Publication, urgency: str) -> str:
    return ASKED[urgency] if found.is_live or urgency != Recovery.Urgency.IMMEDIATE else FILED


@require_POST
@viewing
def gone(request: Asked, pk: int) -> HttpResponse:
    """A person removed it by hand, and Sophia cannot look itself."""
    found, form = find(request, pk), DismissForm(request.POST)
    if not form.is_valid():
        return show(request, pk, 422, refused=wrong(form))
    note = form.cleaned_data["note"]
    return door(request, pk, lambda: found.witness_gone(by=request.user, note=note), "Kept as seen gone.")


@require_POST
@viewing
def dismiss(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(Recovery.objects.visible_to(request.user), pk=pk)
    pk, form = found.publication_id, DismissForm(request.POST)
    if not form.is_valid():
        return show(request, pk, 422, refused=wrong(form))
    note = form.cleaned_data["note"]
    done = "It may go out." if found.publication.can_be_cancelled else "It stays up."
    return door(request, pk, lambda: found.dismiss(by=request.user, note=note), done, note=note)


@require_safe
@seen_with("publishing.view_pause")
def pauses(request: Asked) -> HttpResponse:
    return show_pauses(request, PauseForm(person=request.user))


def show_pauses(request: Asked, form: PauseForm, status: int = 200, refused: object = None) -> HttpResponse:
    rows = Pause.objects.visible_to(request.user).select_related("started_by", "lifted_by", "client", "account")
    lifted = rows.exclude(lifted_at=None)[:PER_PAGE]
    context = {"form": form, "held": rows.in_force(), "lifted": lifted, "refused": refused}
    return render(request, "publishing/pauses.html", context, status=status)


@require_POST
@seen_with("publishing.view_pause")
def start_pause(request: Asked) -> HttpResponse:
    form = PauseForm(request.POST, person=request.user)
    if not form.is_valid():
        return show_pauses(request, form, 422)
    try:
        pause = Pause.objects.start(by=request.user, reason=form.cleaned_data["reason"], **form.what())
    except Refused as refused:
        return show_pauses(request, form, status_of(refused), refused)
    messages.success(request, f"Paused: {pause.scope}. Nothing of it goes out until somebody resumes it.")
    for late in pause.too_late_for().select_related("account"):
        where = late.account.get_platform_display()
        messages.warning(request, f"{late} is with {where} already and is not stopped. Take it down if need be.")
    return redirect("publishing:pauses")


@require_http_methods(["GET", "POST"])
@seen_with("publishing.view_pause")
def lift(request: Asked, pk: int) -> HttpResponse:
    """Shows the plan first. Only the confirmation lifts."""
    rows = Pause.objects.visible_to(request.user).select_related("started_by", "client", "account")
    pause = get_object_or_404(rows, pk=pk)
    if pause.concerns is None and works_for(request.user) is not None:
        raise PermissionDenied  # The plan shows the posts of every client.
    if request.method == "GET":
        return render(request, "publishing/lift.html", screens.plan(pause))
    try:
        lifting.lift([pause], by=request.user, seen=request.POST.get("plan"))
    except Refused as refused:
        context = screens.plan(pause) | {"refused": refused}
        return render(request, "publishing/lift.html", context, status=status_of(refused))
    messages.success(request, f"Resumed: {pause.scope}.")
    return redirect("publishing:queue")


@require_safe
@seen_with("publishing.view_image")
def image(request: Asked, sha256: str) -> HttpResponse:
    """A stored copy. Its name is the hash of its bytes, so a browser may keep it for ever."""
    found = get_object_or_404(Image.objects.usable_by(request.user), pk=sha256)
    try:
        response = HttpResponse(found.read(), content_type=found.mime)
    except OSError:
        raise Http404 from None
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    if name := slugify(request.GET.get("name", "")):
        response["Content-Disposition"] = f'attachment; filename="{name}.{found.extension}"'
    return response
