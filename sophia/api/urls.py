"""Loaded by `door.py`, on the first request."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from sophia.api import accounts, drafts, images, notices, pauses, publications, recoveries
from sophia.api.bodies import Bodies
from sophia.api.description import described
from sophia.api.manual import told
from sophia.api.problems import TOLD, Problem, problem_of


class Api(NinjaAPI):
    def __init__(self, **details: Any) -> None:
        self.scopes: dict[str, str] = {}
        super().__init__(**details)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Asked for each operation while the description is made: its scope is noted on the way."""
        name = f"{operation.view_func.__module__.rpartition('.')[2]}_{operation.view_func.__name__}"
        self.scopes[name] = operation.auth_callbacks[0].scope  # type: ignore[attr-defined]
        return name

    def set_default_exception_handlers(self) -> None:
        """Ours alone. What is not named here is a bug, and Django's to report."""
        ours: list[type[Exception]] = [Problem, *TOLD]
        for expected in ours:
            self.add_exception_handler(expected, answered)
        self.add_exception_handler(HttpError, unread)
        self.add_exception_handler(ValidationError, invalid)


def answered(request: HttpRequest, error: Any) -> HttpResponse:
    problem = problem_of(error)
    assert problem
    return problem.response()


def unread(request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja's own, with what `Bodies` raised as its cause."""
    if isinstance(error.__cause__, Problem):
        return error.__cause__.response()
    raise error


def invalid(request: HttpRequest, error: Any) -> HttpResponse:
    wrong = [{"field": place(each["loc"]), "detail": said(each)} for each in error.errors]
    detail = " ".join(f"{each['field']}: {each['detail']}" for each in wrong[:3])
    return Problem("invalid", detail, wrong[0]["field"], {"errors": wrong}).response()


def place(loc: tuple[str | int, ...]) -> str:
    """Without where it was read from, and without the name that the body has in our code."""
    source, *names = loc
    return ".".join(map(str, (names[1:] or ["body"]) if source == "body" else names[-1:]))


def said(each: dict[str, str]) -> str:
    words = each["msg"].removeprefix("Value error, ")
    return words if words.endswith(".") else f"{words}."


ABOUT = (
    "Write drafts and follow what becomes of them. A person approves every draft and carries out every take-down: no "
    "token can. Send `Authorization: Bearer sophia_…` with each request."
)
api = Api(
    title="Sophia",
    version="1",
    description=ABOUT,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=Bodies(),
)
for noun in (drafts, images, publications, recoveries, pauses, accounts, notices):
    api.add_router(f"/{noun.__name__.rpartition('.')[2]}", noun.router)


@cache
def schema() -> dict[str, Any]:
    return described(api, api.scopes)


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(schema())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """For everybody: there is no secret in it."""
    return render(request, "api/docs.html", told(schema()))


operations = [each for each in api.urls[0] if getattr(each, "name", "") != "api-root"]
urlpatterns = [path("openapi.json", openapi), path("docs", docs), *operations]
