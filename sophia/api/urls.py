"""Loaded by `door.py`, on the first request."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from sophia.api import drafts
from sophia.api.bodies import Bodies
from sophia.api.problems import TOLD, Problem, problem_of


class Api(NinjaAPI):
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
    return ".".join(map(str, names[1:] if source == "body" and len(names) > 1 else names[-1:]))


def said(each: dict[str, str]) -> str:
    words = each["msg"].removeprefix("Value error, ")
    return words if words.endswith(".") else f"{words}."


api = Api(
    title="Sophia",
    version="1",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=Bodies(),
)
api.add_router("/drafts", drafts.router)
urlpatterns = api.urls[0]
