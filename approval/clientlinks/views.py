"""Where operators make client links, see who used them, and revoke them."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from approval.clientlinks import screens
from approval.clientlinks.forms import LinkForm
from approval.clientlinks.models import ClientLink
from sophia import people
from sophia.answers import Asked, seen_with, status_of
from sophia.refusals import Refused
from sophia.signin.confirmation import fresh_sign_in, posted

PER_PAGE = 50
viewing = seen_with("approval.view_clientlink")
giving = seen_with("approval.view_clientlink", people.CLIENT_LINK)


@require_safe
@viewing
def links(request: Asked) -> HttpResponse:
    page = Paginator(screens.links(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "approval/links/links.html", {"page": page})


@fresh_sign_in(only=posted)
@require_http_methods(["GET", "POST"])
@giving
def make(request: Asked) -> HttpResponse:
    """The address is on the answer to the form, once, and nowhere after."""
    form = LinkForm(request.POST or None, person=request.user, initial={"client": request.GET.get("client")})
    if not (request.method == "POST" and form.is_valid()):
        return render(request, "approval/links/make.html", {"form": form}, status=422 if form.errors else 200)
    try:
        link, token = ClientLink.objects.make(by=request.user, **form.asked())
    except Refused as refused:
        context = {"form": form, "refused": refused}
        return render(request, "approval/links/make.html", context, status=status_of(refused))
    address = settings.SOPHIA_PUBLIC_URL + reverse("client:drafts", args=[token])
    response = render(request, "approval/links/made.html", {"link": link, "address": address})
    response["Cache-Control"] = "no-store, no-transform"
    return response


@require_http_methods(["GET", "POST"])
@giving
def revoke(request: Asked, pk: int) -> HttpResponse:
    rows = ClientLink.objects.visible_to(request.user).select_related("client", "revoked_by")
    link = get_object_or_404(rows, pk=pk)
    if request.method == "GET":
        return render(request, "approval/links/revoke.html", {"link": link})
    try:
        link.revoke(by=request.user)
    except Refused as refused:
        return render(
            request, "approval/links/revoke.html", {"link": link, "refused": refused}, status=status_of(refused)
        )
    messages.success(request, f"Revoked. The link of {link.person} opens nothing any more.")
    return redirect("approval:links")
