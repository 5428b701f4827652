"""What goes wrong, as `application/problem+json` (RFC 9457): a sentence that says what to do, and the field.

The docs page lists `KINDS` under the anchors to which `type` leads.
"""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, IntegrityError
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError

from sophia.command import in_words
from sophia.refusals import ChangedUnderneath, NotAllowed, Refused, WrongState
from sophia.tokens.entering import TooMany, Unknown
from sophia.tokens.models import KeyReused

MEDIA_TYPE = "application/problem+json"
DOCS = "/api/v1/docs"
CHALLENGE = 'Bearer realm="Sophia"'


@dataclass(frozen=True)
class Kind:
    status: int
    title: str
    meaning: str


KINDS = {
    "malformed": Kind(400, "The request cannot be read", "The body is not JSON, or not a form with a file."),
    "token": Kind(401, "No valid token", "The token is missing, unknown, expired or revoked."),
    "forbidden": Kind(403, "Not allowed", "The token lacks a scope, or its person a permission."),
    "missing": Kind(404, "Nothing here", "There is none of this id, or it is of a client that the token may not see."),
    "method": Kind(405, "Not this method", "The header Allow names those that the address takes."),
    "conflict": Kind(409, "It has moved on", "Somebody was first, or it is too early or too late for this."),
    "changed": Kind(
        409, "Changed underneath", "Not the version that you sent the digest of. Read it again, then decide."
    ),
    "length": Kind(411, "No length", "The body came without Content-Length."),
    "too-large": Kind(413, "Too large", "The body is larger than Sophia takes."),
    "media-type": Kind(415, "Not this media type", "The body is of a type that this address does not take."),
    "invalid": Kind(422, "Not valid", "A field is missing or wrong: errors names each."),
    "refused": Kind(422, "Refused", "The desk will not: what was asked breaks a rule or a limit of the platform."),
    "key-reused": Kind(422, "Key used before", "The Idempotency-Key came with another request before."),
    "too-many": Kind(429, "Too many requests", "The header Retry-After says how many seconds to wait."),
    "broken": Kind(500, "Sophia has a fault", "It is in the log. What you asked may or may not have happened."),
}


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818
    kind: str
    detail: str
    field: str = ""
    more: dict[str, Any] = dataclasses.field(default_factory=dict)
    headers: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def status(self) -> int:
        return KINDS[self.kind].status

    def document(self) -> dict[str, Any]:
        about = {"field": self.field} if self.field else {}
        return {
            "type": f"{settings.SOPHIA_PUBLIC_URL}{DOCS}#{self.kind}",
            "title": KINDS[self.kind].title,
            "status": self.status,
            "detail": self.detail,
            **about,
            **self.more,
        }

    def response(self) -> HttpResponse:
        text = json.dumps(self.document(), cls=DjangoJSONEncoder)
        return HttpResponse(text, content_type=MEDIA_TYPE, status=self.status, headers=self.headers)


def problem_of(error: Exception) -> Problem | None:
    """The problem that an expected error stands for. None: it is a bug."""
    if isinstance(error, Problem):
        return error
    for expected, told in TOLD.items():
        if isinstance(error, expected):
            return told(error)
    return None


def unknown(error: Unknown) -> Problem:
    return Problem("token", str(error), headers={"WWW-Authenticate": CHALLENGE})


def too_many(error: TooMany) -> Problem:
    return Problem("too-many", str(error), headers={"Retry-After": str(error.seconds)})


def changed(error: ChangedUnderneath) -> Problem:
    return Problem("changed", str(error), "digest", {"diff": error.diff})


def not_valid(error: ValidationError) -> Problem:
    fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    wrong = [{"field": name, "detail": said} for name, sentences in fields.items() for said in sentences]
    return Problem("invalid", in_words(error), wrong[0]["field"], {"errors": wrong})


def too_large(most: int) -> Problem:
    return Problem("too-large", f"The body may have up to {most:,} bytes. Send less.")


TOLD: dict[type[Exception], Any] = {
    Unknown: unknown,
    TooMany: too_many,
    KeyReused: lambda error: Problem("key-reused", str(error), "Idempotency-Key"),
    NotAllowed: lambda error: Problem("forbidden", str(error)),
    ChangedUnderneath: changed,
    WrongState: lambda error: Problem("conflict", str(error)),
    Refused: lambda error: Problem("refused", str(error)),
    ValidationError: not_valid,
    Http404: lambda error: Problem("missing", "There is nothing here that this token may see. Look at the list."),
    IntegrityError: lambda error: Problem("conflict", "Another request did the same at this moment. Send it again."),
    DataError: lambda error: Problem("refused", "The database cannot hold one of these values. Make it smaller."),
    OverflowError: lambda error: Problem("refused", "The database cannot hold one of these numbers. Make it smaller."),
    RequestDataTooBig: lambda error: too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
    TooManyFieldsSent: lambda error: Problem("malformed", "The form has too many fields. Send only “file”."),
    TooManyFilesSent: lambda error: Problem("malformed", "The form has too many files. Send one, as “file”."),
    MultiPartParserError: lambda error: Problem("malformed", "The form cannot be read. Send multipart/form-data."),
}
