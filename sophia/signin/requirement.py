"""Who must have a second factor, and what becomes of those who have none (SOPHIA_REQUIRE_SECOND_FACTOR)."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from sophia import people
from sophia.doors import Via
from sophia.refusals import NotAllowed
from sophia.signin.models import SecondFactor

APPROVERS, EVERYBODY = "approvers", "everybody"
AT_THE_MACHINE = {Via.CLI, Via.WORKER}
"""Whoever can run commands there owns it: a code would stop nobody."""


def is_required_of(person: Any) -> bool:
    required = settings.SOPHIA_REQUIRE_SECOND_FACTOR
    return required == EVERYBODY or (required == APPROVERS and person.has_perm(people.APPROVE))


def is_lacking(person: Any) -> bool:
    """Whether they must have a second factor, and have none."""
    return person.is_authenticated and is_required_of(person) and SecondFactor.objects.of(person) is None


def require_second_factor(by: AbstractUser, via: str) -> None:
    """NotAllowed for an approver who must have one and has none, through whatever page."""
    if via not in AT_THE_MACHINE and is_lacking(by):
        raise NotAllowed("Approving needs a second factor. Set yours up under your name, then approve.")


def lead(request: HttpRequest) -> Any:
    """Where everybody must have one, who has none comes to the page that sets it up, and to no other."""
    if settings.SOPHIA_REQUIRE_SECOND_FACTOR != EVERYBODY or not is_lacking(request.user):
        return None
    allowed = {reverse(name) for name in ("you:factor", "login", "login_code", "logout", "healthz")}
    return None if request.path in allowed else redirect("you:factor")
