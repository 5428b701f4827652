"""The page's buttons that say which post a publication is."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from publishing import handing_over
from publishing.forms import DismissForm, LinkForm, row_number
from publishing.models import Candidate, Publication
from publishing.views import door, find, show, viewing, wrong
from sophia.answers import Asked, status_of
from sophia.refusals import Refused

OURS = "Noted: this is the post."


def candidate(request: Asked, found: Publication) -> Candidate:
    return get_object_or_404(Candidate, pk=row_number(request.POST.get("candidate", "")), publication=found)


@require_POST
@viewing
def ours(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    chosen = candidate(request, found)
    return door(request, pk, lambda: found.identify(chosen, by=request.user), OURS)


@require_POST
@viewing
def not_ours(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    chosen = candidate(request, found)
    return door(request, pk, lambda: found.refuse_candidate(chosen, by=request.user), "Noted: it is another post.")


@require_POST
@viewing
def by_link(request: Asked, pk: int) -> HttpResponse:
    """A person pastes the link of what is public already."""
    found, form = find(request, pk), LinkForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["link"]:
        return show(request, pk, 422, refused=wrong(form) or "Paste the link of the post.", link=form["link"].value())
    link = form.cleaned_data["link"]
    typed: dict[str, Any] = {"link": link}
    try:
        said = handing_over.named(found, by=request.user, link=link, keep="keep" in request.POST)
    except handing_over.TextDiffers as differs:
        typed["differs"] = {"text": [found.outline().message, differs.message]}
        return show(request, pk, 409, refused=differs, **typed)
    except Refused as refused:
        return show(request, pk, status_of(refused), refused=refused, **typed)
    messages.success(request, f"Noted. {said}")
    return redirect("publishing:publication", pk)


@require_POST
@viewing
def unknown(request: Asked, pk: int) -> HttpResponse:
    """Nobody will find out which post it is."""
    found, form = find(request, pk), DismissForm(request.POST)
    if not form.is_valid():
        return show(request, pk, 422, refused=wrong(form))
    note = form.cleaned_data["note"]
    verb = lambda: found.leave_unidentified(by=request.user, note=note)  # noqa: E731
    return door(request, pk, verb, "It stays unknown. Sophia does not ask again.")
