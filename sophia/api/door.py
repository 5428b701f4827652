"""The way in. What is behind it, with ninja and pydantic, is loaded by the first request: neither workers nor commands
pay for it, though they too read `sophia/urls.py` to make links."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import server_error

from sophia.api.problems import Problem


@csrf_exempt
def api(request: HttpRequest, rest: str) -> HttpResponseBase:
    """No cookie is looked at, so there is nothing that another page could borrow."""
    try:
        match = resolve(f"/{rest}", urlconf="sophia.api.urls")
    except Resolver404:
        said = "There is no such address. /api/v1/docs lists them."
        return guarded(Problem("missing", said).response(), request)
    return guarded(match.func(request, *match.args, **match.kwargs), request)


def guarded(response: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    if response.status_code == 405:
        allowed = response["Allow"]
        said = f"{request.method} does nothing here. Use {allowed}."
        response = Problem("method", said, headers={"Allow": allowed}).response()
    response.setdefault("Cache-Control", "no-store")
    response["X-Content-Type-Options"] = "nosniff"
    if "Idempotency-Replayed" in request.META:
        response["Idempotency-Replayed"] = "true"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to a bug, which is in the log by now."""
    if request.path.startswith("/api/"):
        said = "Sophia has a fault. Look whether it happened, then send it again with the same Idempotency-Key."
        return Problem("broken", said).response()
    return server_error(request)
