"""What a person does about their own signing in: password, second factor, sessions elsewhere."""

from typing import Any

import qrcode
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sophia import security
from sophia.answers import status_of
from sophia.membership import Membership, works_for
from sophia.refusals import Refused
from sophia.signin import proving, requirement
from sophia.signin.confirmation import fresh_sign_in, posted
from sophia.signin.models import Hurried, SecondFactor
from sophia.signin.models.tries import What

CHANGED_MEANWHILE = "Your password was changed meanwhile. Use the new one."


@require_safe
@login_required
def you(request: Any) -> HttpResponse:
    factor = SecondFactor.objects.of(request.user)
    left = factor.codes.filter(used_at=None).count() if factor else 0
    context = {"factor": factor, "left": left, "required": requirement.is_required_of(request.user)}
    return render(request, "signin/you.html", context | {"clients": clients_of(request.user)})


def clients_of(person: User) -> list[str] | None:
    """The names of those that they work for. None: all."""
    if works_for(person) is None:
        return None
    return [str(client) for client in Membership.objects.get(person=person).clients.all()]


class ChangePassword(auth.PasswordChangeView):
    """Whoever was signed in elsewhere is signed out: a session holds a fingerprint of the password."""

    template_name = "signin/password.html"
    success_url = reverse_lazy("you:you")

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            self.attempt = proving.begin(What.PASSWORD, request.user.get_username())
        except Hurried as hurried:
            context = self.get_context_data(form=self.get_form_class()(request.user), hurried=hurried)
            return render(request, self.template_name, context, status=429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        self.attempt.succeed()
        with transaction.atomic():
            form.user.refresh_from_db(from_queryset=User.objects.select_for_update())
            if not form.user.check_password(form.cleaned_data["old_password"]):
                form.add_error("old_password", CHANGED_MEANWHILE)
                return self.form_invalid(form)
            security.note(security.Kind.PASSWORD, by=form.user, about=form.user)
            response = super().form_valid(form)
        messages.success(self.request, "Your password is changed. You are signed out everywhere else.")
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if "old_password" in form.errors:
            said = "A wrong password, asked for to change it."
            security.note(security.Kind.SIGN_IN_FAILED, about=self.request.user, said=said)
        else:
            self.attempt.succeed()
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@sensitive_post_parameters()
@require_POST
@login_required
def sign_out_elsewhere(request: Any) -> HttpResponse:
    """The same password, written anew: every other session holds the fingerprint of the old writing."""
    password = request.POST.get("password", "")
    try:
        proving.prove_by_password(request.user, password)
    except (proving.NotProved, Hurried) as problem:
        messages.error(request, str(problem))
        return redirect("you:you")
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=request.user.pk)
        if not person.check_password(password):
            messages.error(request, CHANGED_MEANWHILE)
            return redirect("you:you")
        person.set_password(password)
        person.save(update_fields=["password"])
        security.note(security.Kind.SIGNED_OUT, by=person, said="Everywhere else.")
    update_session_auth_hash(request, person)
    messages.success(request, "You are signed out everywhere but here.")
    return redirect("you:you")


@sensitive_post_parameters()
@never_cache
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def factor(request: Any) -> HttpResponse:
    """Set it up: the secret as a picture and as text, then a code that proves that the phone has it."""
    if SecondFactor.objects.of(request.user):
        return redirect("you:you")
    begun = SecondFactor.objects.filter(person=request.user).first()
    if begun is None or request.method != "POST":
        return show(request, SecondFactor.objects.begin(request.user))
    try:
        codes = confirmed(begun, request.user, request.POST.get("code", ""))
    except (Refused, Hurried) as problem:
        return show(request, begun, problem, status_of(problem) if isinstance(problem, Refused) else 429)
    return render(request, "signin/codes.html", {"codes": codes, "begun": True})


def confirmed(begun: SecondFactor, person: User, code: str) -> list[str]:
    attempt = proving.begin(What.CODE, person.get_username())
    codes = begun.confirm(code)
    attempt.succeed()
    return codes


def show(request: Any, begun: SecondFactor, problem: object = None, status: int = 200) -> HttpResponse:
    grouped = " ".join(begun.secret[at : at + 4] for at in range(0, len(begun.secret), 4))
    path, size = picture(begun.address)
    context = {"secret": grouped, "path": path, "size": size, "problem": problem}
    context["required"] = requirement.is_lacking(request.user)
    return render(request, "signin/factor.html", context, status=status)


def picture(text: str) -> tuple[str, int]:
    """A QR code as the path of an SVG, with a quiet border, and how many squares wide it is."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    squares = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return "".join(squares), len(rows)


@never_cache
@fresh_sign_in(only=posted)
@require_POST
@login_required
def new_codes(request: Any) -> HttpResponse:
    found = SecondFactor.objects.of(request.user)
    if found is None:
        return redirect("you:factor")
    return render(request, "signin/codes.html", {"codes": found.renew_codes()})


@fresh_sign_in(only=posted)
@require_POST
@login_required
def remove_factor(request: Any) -> HttpResponse:
    if found := SecondFactor.objects.of(request.user):
        found.remove(by=request.user)
        messages.success(request, "Removed. Signing in asks for the password alone.")
    return redirect("you:you")
