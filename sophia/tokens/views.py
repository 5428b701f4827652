"""Where administrators make API tokens, see who used them, and revoke them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from sophia import people
from sophia.answers import Asked, seen_with, status_of
from sophia.refusals import Refused
from sophia.signin.confirmation import fresh_sign_in, posted
from sophia.tokens.forms import TokenForm
from sophia.tokens.models import Token

PER_PAGE = 50
viewing = seen_with("tokens.view_token")
giving = seen_with("tokens.view_token", people.TOKEN)


@require_safe
@viewing
def tokens(request: Asked) -> HttpResponse:
    rows = Token.objects.select_related("person", "made_by", "revoked_by").prefetch_related("clients")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "tokens/tokens.html", {"page": page})


@fresh_sign_in(only=posted)
@require_http_methods(["GET", "POST"])
@giving
def make(request: Asked) -> HttpResponse:
    """The secret is on the answer to the form, once, and nowhere after."""
    form = TokenForm(request.POST or None)
    if not (request.method == "POST" and form.is_valid()):
        return render(request, "tokens/make.html", {"form": form}, status=422 if form.errors else 200)
    try:
        token, secret = Token.objects.make(by=request.user, **form.asked())
    except Refused as refused:
        return render(request, "tokens/make.html", {"form": form, "refused": refused}, status=status_of(refused))
    response = render(request, "tokens/made.html", {"token": token, "secret": secret})
    response["Cache-Control"] = "no-store, no-transform"
    return response


@require_http_methods(["GET", "POST"])
@giving
def revoke(request: Asked, pk: int) -> HttpResponse:
    token = get_object_or_404(Token.objects.select_related("person", "revoked_by"), pk=pk)
    if request.method == "GET":
        return render(request, "tokens/revoke.html", {"token": token})
    try:
        token.revoke(by=request.user)
    except Refused as refused:
        context = {"token": token, "refused": refused}
        return render(request, "tokens/revoke.html", context, status=status_of(refused))
    messages.success(request, f"Revoked. {token.name} opens nothing any more.")
    return redirect("tokens:tokens")
