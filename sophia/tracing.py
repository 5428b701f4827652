"""What a line of the log is about: the request or the job, the publication, the attempt."""

import re
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")
about_now: ContextVar[dict[str, Any] | None] = ContextVar("about_now", default=None)

Answer = Callable[[HttpRequest], Any]


def subject() -> dict[str, Any]:
    return about_now.get() or {}


@contextmanager
def about(**what: Any) -> Iterator[None]:
    """Until the end of the block each line of the log says so too."""
    token = about_now.set({**subject(), **what})
    try:
        yield
    finally:
        about_now.reset(token)


def about_job(job: str) -> None:
    """Called before each job of a worker, which has nothing else to do meanwhile."""
    about_now.set({"job": job})


def name_of(request: HttpRequest) -> str:
    """As the proxy in front calls it, unless somebody made that up to break the log."""
    given = request.headers.get(HEADER, "")
    return given if SANE.fullmatch(given) else uuid.uuid4().hex


@sync_and_async_middleware
def named_requests(get_response: Answer) -> Answer:
    """Each request has a name, which its answer carries back."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            with about(request=name_of(request)):
                awaited: Awaitable[HttpResponseBase] = get_response(request)
                return named(await awaited)

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        with about(request=name_of(request)):
            return named(get_response(request))

    return answer


def named(response: HttpResponseBase) -> HttpResponseBase:
    response.headers[HEADER] = subject()["request"]
    return response
