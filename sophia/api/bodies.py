"""What a body must be before anything of it is read."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from publishing import images
from sophia import fields
from sophia.api.problems import Problem, too_large
from sophia.nesting import deeper_than
from sophia.refusals import Refused

JSON = "application/json"
FORM = "multipart/form-data"
MOST = {JSON: 1024 * 1024, FORM: images.MAX_UPLOAD + 64 * 1024}
"""Bytes."""
DEPTH = 10


def require_readable(request: HttpRequest, takes: str) -> None:
    """Before the body is read: its length, and its type."""
    length = request.headers.get("Content-Length", "")
    if not length and "Transfer-Encoding" in request.headers:
        raise Problem("length", "Send the body with its Content-Length, not in chunks.")
    if not length.isdecimal() or int(length) == 0:
        return
    if int(length) > MOST[takes]:
        raise too_large(MOST[takes])
    if request.content_type != takes:
        raise Problem("media-type", f"Send the body as {takes}, not {request.content_type or 'without a type'}.")


class Bodies(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        """Ninja hides what is raised here behind an error of its own, with this one as its cause."""
        if deeper_than(DEPTH, request.body):
            raise Problem("malformed", f"The body is nested more than {DEPTH} levels deep. Make it flat.")
        try:
            return json.loads(request.body.decode(), parse_constant=refuse, object_pairs_hook=fields.once)
        except UnicodeDecodeError:
            raise Problem("malformed", "The body is not UTF-8. Send JSON in UTF-8.") from None
        except Refused as doubled:
            raise Problem("malformed", str(doubled)) from None
        except ValueError as wrong:
            raise Problem("malformed", f"The body is not JSON: {wrong}.") from None


def refuse(name: str) -> None:
    raise ValueError(f"{name} is not a number")
