"""Who does something grave says once more who they are, unless they did so in the last minutes.

What they had typed is not lost: it goes with the question, encrypted for them and this page, and the answer brings it
back. Neither the address of a page nor the session ever holds it.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict

from sophia import security
from sophia.signin import proving, sessions
from sophia.signin.models import Hurried, SecondFactor

FIELD = "sophia-carried"
KEPT_FOR = 900
"""Seconds for which a question can be answered."""


def fresh_sign_in(page: Callable[..., Any] | None = None, *, only: Callable[[HttpRequest], bool] | None = None) -> Any:
    """For a page that shows or changes secrets, or does much at once. With `only`, just for requests it picks.

    It stands outside of `require_POST` and of the permissions."""

    def decorate(page: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(page)
        def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if is_needed(request) and (only is None or only(request)):
                return ask(request)
            return page(request, *args, **kwargs)

        return asking

    return decorate(page) if page else decorate


def posted(request: HttpRequest) -> bool:
    return request.method == "POST"


def is_needed(request: HttpRequest) -> bool:
    """Nobody is asked who is not signed in: the page sends them to do that."""
    return request.user.is_authenticated and not sessions.is_confirmed(request)


def ask(request: HttpRequest, problem: str = "", status: int = 403, carried: str = "") -> HttpResponse:
    context = {
        "field": FIELD,
        "carried": carried or sealed(request),
        "problem": problem,
        "has_factor": SecondFactor.objects.of(request.user) is not None,  # type: ignore[arg-type]
        "minutes": int(settings.SOPHIA_CONFIRM_AFTER.total_seconds() // 60),
    }
    response = render(request, "signin/confirm.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def answer(request: HttpRequest) -> HttpResponseBase | None:
    """Called for every request. When it answers the question, the page gets what was asked for at first."""
    if request.method != "POST" or not request.user.is_authenticated or FIELD not in request.POST:
        return None
    carried = request.POST[FIELD]
    try:
        method, body = opened(request, carried)
        proving.prove(request)
    except InvalidToken:
        return ask_again(request)
    except proving.NotProved as problem:
        return ask(request, str(problem), 403, carried)
    except Hurried as hurried:
        return ask(request, str(hurried), 429, carried)
    sessions.confirm(request)
    security.note(security.Kind.CONFIRMED, by=request.user, about=request.path)
    if method != "POST":
        return HttpResponseRedirect(request.get_full_path())
    request.POST = QueryDict(body, encoding="utf-8")
    request._post, request._files = request.POST, MultiValueDict()  # type: ignore[attr-defined]
    return None


def ask_again(request: HttpRequest) -> HttpResponse:
    """It was open for too long, or was asked of somebody else."""
    return render(request, "signin/too_late.html", status=403)


def sealed(request: HttpRequest) -> str:
    body = request.POST.copy()
    body.pop("csrfmiddlewaretoken", None)
    said = json.dumps([request.method, request.path, request.user.pk, body.urlencode()])
    return cipher().encrypt(said.encode()).decode()


def opened(request: HttpRequest, carried: str) -> tuple[str, str]:
    """The method and the body. InvalidToken when it is not for this page and person, or too old."""
    said = cipher().decrypt(carried.encode(), ttl=KEPT_FOR)
    method, path, person, body = json.loads(said)
    if (path, person) != (request.path, request.user.pk):
        raise InvalidToken
    return method, body


def cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEY])
