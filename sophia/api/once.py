"""The same request twice, with the same Idempotency-Key, is once."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from ninja.responses import Status

from sophia.api.bearer import Asked
from sophia.api.problems import Problem
from sophia.tokens.models import Answer, Answered

HEADER = "Idempotency-Key"
FORM = re.compile(r"[!-~]{1,255}")
REPLAYED = "Idempotency-Replayed"

KEYED: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "description": "Such as a UUID. The same key within 24 hours gets the same answer, and does nothing.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        }
    ]
}
"""For the description of operations that call `once`."""


def once(request: Asked, verb: Callable[[], Answered]) -> Status[Any]:
    """What `verb` answers, or what it answered when this key came first. What `verb` is about is found before, so that
    a token that may not see it any more does not get the old answer either."""
    key = request.headers.get(HEADER)
    if key is None:
        return Status(*verb())
    if not FORM.fullmatch(key):
        raise Problem("invalid", f"{HEADER} takes 1 to 255 visible ASCII characters, such as a UUID.", HEADER)
    answered, kept = Answer.objects.once(request.auth, key, digest(request), verb)
    if kept:
        request.META[REPLAYED] = "true"
    return Status(*answered)


def digest(request: Asked) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(asked + request.body).hexdigest()
