"""Which token asks, and whether it may. Cookies are never looked at."""

from typing import Any

from django.http import HttpRequest
from ninja.security.http import HttpAuthBase

from sophia.api.bodies import JSON, require_readable
from sophia.tokens.entering import enter
from sophia.tokens.models import Token


class Asked(HttpRequest):
    auth: Token


class Bearer(HttpAuthBase):
    """Lets a token with `scope` pass, with a body of the type that the operation takes."""

    openapi_scheme = "bearer"

    def __init__(self, scope: str, takes: str = JSON):
        super().__init__()
        self.scope, self.takes = scope, takes

    def __call__(self, request: HttpRequest) -> Any:
        token = enter(request.headers.get("Authorization", ""))
        token.require(self.scope)
        require_readable(request, self.takes)
        return token
