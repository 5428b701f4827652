"""What a client sees behind a link: their drafts in review, without an account, a session or a cookie.

The forms carry no CSRF token: there is no cookie that another page could borrow. Whoever can name the address of the
form holds the secret. (With `no-referrer` browsers send `Origin: null`, which Django's check refuses.)
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from approval.clientlinks import screens
from approval.clientlinks.models import ClientLink, LinkEnded
from approval.hearing import Unanswered
from approval.models import Draft
from approval.suggesting import TimePassed
from publishing.models import Image
from publishing.models.queue import FarAhead
from publishing.models.twins import HasTwin
from sophia.answers import status_of
from sophia.refusals import NotAllowed, Refused

PRIVATE = {
    "Cache-Control": "no-store, private, no-transform",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
NOT_HERE = "This one needs your agency's own approval. You can leave a comment."


def behind_a_link(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`page` gets the link instead of its token. Nobody learns which links ever were."""

    @csrf_exempt
    @wraps(page)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        link = ClientLink.objects.behind(token)
        if link is None:
            response = ended(404)
        elif not link.is_open:
            response = ended(410)
        elif link.is_hurried:
            response = shown("client/hurried.html", {}, 429)
        else:
            response = opened(page, request, link, token, *args, **kwargs)
        for name, value in PRIVATE.items():
            response[name] = value
        return response

    return guarded


def opened(page: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return page(request, *args, **kwargs)
    except Http404:
        return shown("client/gone.html", {"title": "There is nothing here", "link": args[0], "token": args[1]}, 404)
    except LinkEnded:
        return ended(410)


def ended(status: int) -> HttpResponse:
    return shown("client/ended.html", {}, status)


def shown(template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    # Without the request: whoever is signed in on this browser, this page is the client's.
    return HttpResponse(render_to_string(template, context), status=status)


@require_safe
@behind_a_link
def drafts(request: HttpRequest, link: ClientLink, token: str) -> HttpResponse:
    link.visit()
    return shown("client/drafts.html", screens.listing(link, token, request.GET.get("done", "")))


@require_safe
@behind_a_link
def draft(request: HttpRequest, link: ClientLink, token: str, pk: int) -> HttpResponse:
    return show(link, token, find(link, pk))


def find(link: ClientLink, pk: int) -> Draft:
    """Also one that has been decided since. One that nobody submitted yet is not theirs to know."""
    rows = Draft.objects.exclude(state=Draft.State.DRAFT).select_related("account__client", "publication")
    return get_object_or_404(rows, pk=pk, account__client=link.client_id)


def show(link: ClientLink, token: str, found: Draft, status: int = 200, **typed: Any) -> HttpResponse:
    if found.state != Draft.State.IN_REVIEW:
        link.visit()
        return shown("client/decided.html", screens.decided(link, token, found) | typed, status)
    context = screens.draft(link, token, found) | typed
    link.visit(found)
    return shown("client/draft.html", context, status)


@require_POST
@behind_a_link
def approve(request: HttpRequest, link: ClientLink, token: str, pk: int) -> HttpResponse:
    found = find(link, pk)
    try:
        link.approve(found, **screens.asked(request.POST))
    except LinkEnded:
        raise
    except Refused as refused:
        said = said_to_the_client(refused)
        why = request.POST.get("answer", "")
        return show(link, token, find(link, pk), status_of(refused), refused=refused, said=said, why=why)
    return onwards("client:drafts", token, done=f"?done={found.pk}")


def said_to_the_client(refused: Refused) -> str:
    """A rule of the desk, such as who may approve, is none of the client's business."""
    if isinstance(refused, TimePassed | FarAhead):
        return screens.NO_TIME
    if isinstance(refused, HasTwin):
        return screens.TWIN
    if isinstance(refused, Unanswered):
        return screens.SAY_WHY
    inside = isinstance(refused, NotAllowed) and "agency" not in str(refused)
    return NOT_HERE if inside else str(refused)


@require_POST
@behind_a_link
def comment(request: HttpRequest, link: ClientLink, token: str, pk: int) -> HttpResponse:
    found, text = find(link, pk), request.POST.get("text", "")
    try:
        link.comment(found, text=text, digest=request.POST.get("digest", ""))
    except LinkEnded:
        raise
    except Refused as refused:
        return show(link, token, find(link, pk), status_of(refused), refused=refused, said=refused, text=text)
    return onwards("client:draft", token, pk, done="#comments")


def onwards(name: str, *args: Any, done: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse(name, args=args) + done})


@require_safe
@behind_a_link
def image(request: HttpRequest, link: ClientLink, token: str, sha256: str) -> HttpResponse:
    """Of what this client may look at now, and of no other."""
    found = get_object_or_404(Image, pk=sha256)
    if not screens.may_see(link, found):
        raise Http404
    try:
        return HttpResponse(found.read(), content_type=found.mime)
    except OSError:
        raise Http404 from None
