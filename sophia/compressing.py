"""Pages and lists leave compressed: they are words, and shrink to a tenth."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORDS = {
    "application/javascript",
    "application/json",
    "image/svg+xml",
    "text/calendar",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
}
"""Not the live stream: what is compressed is held back until there is enough of it."""


class Compressing(GZipMiddleware):
    """Leaves alone what says `no-transform`, because it holds a secret that opens something: how well a page shrinks
    tells a little of what is in it. Django hides that behind padding, and masks its own tokens."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        return super().process_response(request, response) if may_shrink(response) else response


def may_shrink(response: HttpResponseBase) -> bool:
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    has_body = not response.streaming or response.status_code == 200
    return kind in WORDS and has_body and "no-transform" not in response.headers.get("Cache-Control", "")
