"""The review pages: find, check, one verb, answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from approval import screens
from approval.forms import TAGS, TAKEN_BACK, ApproveForm, RejectForm, ReopenForm
from approval.models import Draft
from publishing import outlook
from sophia.answers import Asked, seen_with, status_of
from sophia.refusals import Refused

viewing = seen_with("approval.view_draft")
PER_PAGE = 50
DECIDED = """{} <a href="{}">{}</a>
<button form="undo" formaction="{}" name="note" value="{}" data-key="u">Undo <kbd>U</kbd></button>"""


@require_GET
@viewing
def review(request: Asked) -> HttpResponse:
    state = request.GET.get("state", "")
    if request.GET.get("stale") == "1":
        return listing(request, screens.stale(request.user, request.GET), "Waiting too long for review", "")
    if state in Draft.State.values and state != Draft.State.IN_REVIEW:
        title = Draft.State(state).label.capitalize()
        return listing(request, screens.in_state(request.user, state, request.GET), title, state)
    first = screens.waiting(request.user, request.GET).first()
    if first:
        # An address of its own: a page that is refreshed must never turn into another draft.
        return redirect(first.get_absolute_url() + screens.query(request.GET))
    return render(request, "approval/empty.html", screens.beside(request.user, request.GET))


def listing(request: Asked, rows: QuerySet[Draft], title: str, state: str) -> HttpResponse:
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = screens.beside(request.user, request.GET) | {"page": page, "title": title, "state": state}
    return render(request, "approval/list.html", context)


@require_GET
@viewing
def draft(request: Asked, pk: int) -> HttpResponse:
    return show(request, pk)


def show(request: Asked, pk: int, status: int = 200, **typed: Any) -> HttpResponse:
    found = find(request, pk)
    context = {"approve": ApproveForm(draft=found), "reject": RejectForm(), "tags": TAGS}
    context |= screens.draft(found, request.user, request.GET) | typed
    return render(request, "approval/draft.html", context, status=status)


def find(request: Asked, pk: int) -> Draft:
    rows = Draft.objects.visible_to(request.user)
    rows = rows.select_related("account__client", "author", "publication", "replaces__publication")
    return get_object_or_404(rows, pk=pk)


def door(request: Asked, found: Draft, verb: Callable[[], object], done: str, **typed: Any) -> HttpResponse:
    """One verb of a draft in review. Then the next draft, or this page again with what was typed."""
    follower = screens.follower(request.user, found, request.GET)
    try:
        verb()
    except Refused as refused:
        return show(request, found.pk, status_of(refused), refused=refused, **typed)
    said = f"{done} {when_out(found)}".strip()
    shown = found.publication or found
    if in_background(request):
        return JsonResponse({"said": said, "link": shown.get_absolute_url(), "name": str(shown)})
    back = reverse("approval:reopen", args=[found.pk]) + screens.query(request.GET)
    messages.success(request, format_html(DECIDED, said, shown.get_absolute_url(), shown, back, TAKEN_BACK))
    return redirect(follower.get_absolute_url() + screens.query(request.GET) if follower else "approval:review")


def in_background(request: Asked) -> bool:
    """The page has gone on to the next draft already: it wants a word, and the whole page only where it is refused."""
    return bool(request.get_preferred_type(["text/html", "application/json"]) == "application/json")


def when_out(found: Draft) -> str:
    out = found.publication
    if out is None:
        return "Another person has to approve it too." if found.agreement else ""
    return outlook.said(out, timezone.now())


@require_POST
@viewing
def approve(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    form = ApproveForm(request.POST, draft=found)
    if not form.is_valid():
        return show(request, pk, 422, approve=form)
    return door(request, found, lambda: found.approve(by=request.user, **form.asked()), "Approved.", approve=form)


@require_POST
@viewing
def reject(request: Asked, pk: int) -> HttpResponse:
    found, form = find(request, pk), RejectForm(request.POST)
    if not form.is_valid():
        return show(request, pk, 422, reject=form)
    return door(request, found, lambda: found.reject(by=request.user, **form.cleaned_data), "Rejected.", reject=form)


@require_POST
@viewing
def skip(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    return door(request, found, lambda: found.skip(by=request.user), "Skipped.")


@require_POST
@viewing
def submit(request: Asked, pk: int) -> HttpResponse:
    found, form = find(request, pk), ReopenForm(request.POST)
    if not form.is_valid():
        return show(request, pk, 422, refused=" ".join(map(str, form.errors["note"])))
    verb = lambda: found.submit(by=request.user, note=form.cleaned_data["note"])  # noqa: E731
    return here(request, found, verb, "Submitted for review.")


@require_POST
@viewing
def withdraw(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    return here(request, found, lambda: found.withdraw(by=request.user), "Taken back. Submit it when it is ready.")


@require_POST
@viewing
def reopen(request: Asked, pk: int) -> HttpResponse:
    found, form = find(request, pk), ReopenForm(request.POST)
    if not form.is_valid():
        return show(request, pk, 422, refused=" ".join(map(str, form.errors["note"])))
    note = form.cleaned_data["note"]
    return here(request, found, lambda: found.reopen(by=request.user, note=note), "Back in review.", note=note)


def here(request: Asked, found: Draft, verb: Callable[[], object], done: str, **typed: Any) -> HttpResponse:
    """One verb after which this draft is still the one to look at."""
    try:
        verb()
    except Refused as refused:
        return show(request, found.pk, status_of(refused), refused=refused, **typed)
    if in_background(request):
        return JsonResponse({"said": done, "link": found.get_absolute_url(), "name": str(found)})
    messages.success(request, done)
    return redirect(found.get_absolute_url() + screens.query(request.GET))
