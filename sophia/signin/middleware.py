"""What holds for every request and every answer."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from sophia import heavy
from sophia.signin import confirmation, requirement, sessions
from sophia.signin.whereabouts import address_of, whereabouts

POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{what}-src 'self'" for what in ("script", "style", "img", "connect", "font", "manifest")),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Unless the page has said otherwise. Django's own middleware adds Referrer-Policy, nosniff, COOP, HSTS and framing."""


class Guard(MiddlewareMixin):
    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        whereabouts.set(address_of(request))
        if refusal := heavy.turn_away(request):
            return refusal
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        sessions.go_on(request)
        return requirement.lead(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        return confirmation.answer(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        whereabouts.set(None)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
