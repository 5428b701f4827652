"""Notices live: the stream of the desk (`sophia/live.py`), of which a token hears what it may see."""

import json
import re
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from sophia import crowding, live
from sophia.api import sight, told
from sophia.api.door import guarded
from sophia.api.problems import Problem, problem_of
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed, Refused
from sophia.tokens.entering import TooMany, enter, require_open
from sophia.tokens.models import Token

SCOPE = "notices:read"
MOST = 5
"""Streams that a token may keep open in one process."""
MESSAGE = "event: message\n"
DATA = re.compile(r"^data: (.*)$", re.M)
PLACE = re.compile(r"^id: (.*)$", re.M)


@csrf_exempt
async def notices(request: HttpRequest) -> HttpResponseBase:
    if isinstance(request, ASGIRequest):
        live.relay.start()
    return guarded(await sync_to_async(answer)(request), request)


def answer(request: HttpRequest) -> HttpResponseBase:
    try:
        return open_stream(request)
    except (Problem, Refused) as refused:
        problem = problem_of(refused)
        assert problem
        return problem.response()


def open_stream(request: HttpRequest) -> HttpResponseBase:
    if request.method != "GET":
        raise Problem("method", f"{request.method} does nothing here. Use GET.", headers={"Allow": "GET"})
    token = enter(request.headers.get("Authorization", ""))
    token.require(SCOPE)
    if not isinstance(request, ASGIRequest):
        return HttpResponse("Live notices need manage.py serve.", status=503, content_type="text/plain")
    whose = f"token {token.pk}"
    require_place(whose)
    request.user = token.person
    response = live.open_stream(request)
    if response.status_code == 403:
        raise NotAllowed(f"{token.person}, for whom this token acts, may not see the queue.")
    began = request.META["HTTP_LAST_EVENT_ID"]
    heard = heard_by(token, began, response.streaming_content)  # type: ignore[attr-defined]
    response.streaming_content = crowding.counted(whose, heard, MOST)  # type: ignore[attr-defined]
    return response


def require_place(whose: str) -> None:
    try:
        crowding.require_place(whose, MOST)
    except crowding.Crowded as crowded:
        said = f"This token has {MOST} streams open. End one, or share one among your programs."
        raise TooMany(said if crowded.status == 429 else str(crowded), crowding.WAIT) from None


async def heard_by(token: Token, began: str, chunks: Any) -> AsyncGenerator[bytes]:
    """Beginning with the place, so that who hears nothing before the stream ends knows where to go on."""
    yield f"id: {began}\n\n".encode()
    async with aclosing(chunks):
        async for chunk in chunks:
            try:
                yield await sync_to_async(translated)(token, chunk.decode())
            except Refused:
                return  # Revoked, or its person may no longer: the program learns why when it connects again.


def translated(token: Token, chunk: str) -> bytes:
    """Each notice as the list shows it. Of what the token may not see only the number passes, to resume from, and signs
    of life go through."""
    blocks = [block for block in chunk.split("\n\n") if block]
    messages = {block: number_in(block) for block in blocks if block.startswith(MESSAGE)}
    seen = visible(token, messages.values()) if messages else {}
    said = [event(block, seen.get(messages[block])) if block in messages else block for block in blocks]
    return "".join(f"{each}\n\n" for each in said if each).encode()


def number_in(block: str) -> int | None:
    """Of the notice that an event of the desk is about. Some are about none."""
    found = DATA.search(block)
    number = json.loads(found[1]).get("notice") if found else None
    return number if isinstance(number, int) else None


def visible(token: Token, numbers: Iterable[int | None]) -> dict[int | None, Notice]:
    """Those that the token may see, as it is now. Refused when it opens nothing any more."""
    try:
        now = require_open(Token.objects.select_related("person").filter(pk=token.pk).first())
        now.require(SCOPE)
        return {notice.pk: notice for notice in sight.notices(now).filter(pk__in=filter(None, numbers))}
    finally:
        live.release_connections()


def event(block: str, notice: Notice | None) -> str:
    place = PLACE.search(block)
    if place is None:
        return ""
    if notice is None:
        return f"id: {place[1]}"
    return f"event: notice\nid: {place[1]}\ndata: {json.dumps(told.document(notice))}"
