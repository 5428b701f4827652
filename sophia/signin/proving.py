"""Somebody shows that they are who they say, by a password or by a code. Each try counts, whoever makes it."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from sophia import security
from sophia.signin.models import Hurried, SecondFactor, SignInTry
from sophia.signin.models.tries import What
from sophia.signin.whereabouts import whereabouts


class NotProved(Exception):  # noqa: N818
    """A sentence for the person."""


def begin(what: What, name: str) -> SignInTry:
    """Hurried, and that once in the security log, when there were too many."""
    try:
        return SignInTry.objects.begin(what, name, whereabouts.get())
    except Hurried as hurried:
        if hurried.first:
            security.note(security.Kind.THROTTLED, about=known(name), said=f"By {what.label.lower()}. {hurried}")
        raise


def known(name: str) -> str:
    """The name of somebody who is here. Anything else may be a password in the wrong place."""
    # PostgreSQL cannot even look for a NUL.
    found = "\0" not in name and User.objects.filter(username=name).values_list("username", flat=True).first()
    return found or "a name that nobody has"


def prove(request: Any) -> None:
    """With what was posted as `code`, or as `password`."""
    person, code = request.user, request.POST.get("code", "")
    if code:
        prove_by_code(person, code)
    else:
        prove_by_password(person, request.POST.get("password", ""))


def prove_by_password(person: User, password: str) -> None:
    attempt = begin(What.PASSWORD, person.get_username())
    if not person.check_password(password):
        security.note(security.Kind.SIGN_IN_FAILED, about=person, said="A wrong password, asked for once more.")
        raise NotProved("This is not your password. Capitals count.")
    attempt.succeed()


def prove_by_code(person: User, code: str) -> None:
    attempt = begin(What.CODE, person.get_username())
    factor = SecondFactor.objects.of(person)
    if factor is None or not factor.accepts(code):
        security.note(security.Kind.SIGN_IN_FAILED, about=person, said="A wrong code, or one that was used.")
        raise NotProved("This code does not fit, or was used already. Wait for the next one.")
    attempt.succeed()


def sign_out_noted(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        security.note(security.Kind.SIGNED_OUT, by=request.user)
