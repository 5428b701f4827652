"""Live events: a word to every open page that something changed.

Events are rows, written by whichever process has something to tell. Each web process follows the rows and hands them
to the pages that are connected to it. Redis, where there is one, only rings the bell so that nobody waits for the
next look; nothing depends on it.
"""

import json
import logging
import re
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import lru_cache
from time import monotonic, sleep
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import Error, connections, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_eventstream import get_current_event_id, views
from django_eventstream.channelmanager import DefaultChannelManager
from django_eventstream.event import Event
from django_eventstream.models import Event as Row
from django_eventstream.models import EventCounter
from django_eventstream.storage import DjangoModelStorage, EventDoesNotExist
from django_eventstream.utils import get_storage
from redis import Redis
from redis.exceptions import RedisError

from sophia import crowding
from sophia.membership import works_for

log = logging.getLogger(__name__)

DESK = "desk"
TOPIC = "sophia.live"
SEES = "publishing.view_publication"
PLACE = re.compile(rf"{DESK}:[0-9]{{1,18}}")
# A stream ends after this long and the page opens it again, so that somebody who has left the team is let go.
STREAM_SECONDS = 600
DATA = b"data: "
TRIMMED_EVERY = 25
"""Events. One pass of the library removes up to 50 that are older than a day."""


def publish(channel: str, kind: str, data: dict[str, Any]) -> None:
    """Tell the open pages. Call it after the commit; it never disturbs what it tells about.

    On the wire every event has the type `message`, because a browser only hears the types it can name beforehand.
    """
    try:
        get_storage().append_event(channel, "message", json.dumps(data | {"kind": kind}, cls=DjangoJSONEncoder))
        if settings.REDIS_URL:
            redis_client(settings.REDIS_URL).publish(TOPIC, channel)
    except (Error, RedisError):
        log.exception("Could not tell the pages about %s.", kind)


@lru_cache(maxsize=1)
def redis_client(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)


def last_event_id() -> str:
    """Where a page that is rendered now starts to listen: `?lastEventId=desk:12`."""
    return get_current_event_id([DESK])


def release_connections() -> None:
    """A stream lasts as long as its tab. It must not keep a database connection for that long."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


class Storage(DjangoModelStorage):
    def append_event(self, channel: str, event_type: str, data: Any) -> Any:
        """As the library does it, in half the statements: every worker writes here, one after the other."""
        with transaction.atomic():
            counter = EventCounter.objects.filter(name=channel, value__gt=0)
            if not counter.update(value=F("value") + 1, updated=timezone.now()):
                return super().append_event(channel, event_type, data)  # the first ever: it sets the counter up
            eid = counter.values_list("value", flat=True).get()
            Row.objects.create(channel=channel, type=event_type, data=json.dumps(data, cls=DjangoJSONEncoder), eid=eid)
        if eid % TRIMMED_EVERY == 0:
            self.trim_event_log()
        return Event(channel, event_type, data, id=eid)

    def get_events(self, channel: str, last_id: int, limit: int = 100) -> list[Any]:
        try:
            return super().get_events(channel, last_id, limit=limit)
        finally:
            release_connections()


class Channels(DefaultChannelManager):
    def can_read_channel(self, user: Any, channel: str) -> bool:
        """Events carry sentences about publications. Somebody without a role, or switched off, has no permission."""
        return channel == DESK and user is not None and bool(user.has_perm(SEES))


@require_GET
async def events(request: HttpRequest) -> HttpResponseBase:
    if not isinstance(request, ASGIRequest):
        return HttpResponse("Live events need manage.py serve.", status=503, content_type="text/plain")
    relay.start()
    return await sync_to_async(open_page_stream)(request)


def open_page_stream(request: HttpRequest) -> HttpResponseBase:
    whose = f"session {request.session.session_key}"
    try:
        crowding.require_place(whose)
    except crowding.Crowded as crowded:
        wait = {"Retry-After": str(crowding.WAIT)}
        return HttpResponse(str(crowded), status=crowded.status, headers=wait, content_type="text/plain")
    response = open_stream(request)
    if response.streaming:
        response.streaming_content = crowding.counted(whose, response.streaming_content)  # type: ignore[attr-defined]
    return response


def open_stream(request: HttpRequest) -> HttpResponseBase:
    """A refusal is a plain 403 here: the library would say 200, and the browser would try again."""
    if not Channels().can_read_channel(request.user, DESK):
        return HttpResponseForbidden("Sign in as somebody who may see the queue to listen.", content_type="text/plain")
    place = resume_from(request)
    request.META["HTTP_LAST_EVENT_ID"] = place
    request.GET = QueryDict()  # the library understands further parameters, which are of no use here
    response = views.events(request, channels=[DESK])
    if response.streaming:
        heard = only_theirs(response.streaming_content, works_for(request.user))
        response.streaming_content = without_connection(heard)
    return response


def resume_from(request: HttpRequest) -> str:
    """A stream always has a place to start: without one the library loses what happens while it connects."""
    asked = request.headers.get("Last-Event-ID") or request.GET.get("lastEventId", "")
    return asked if PLACE.fullmatch(asked) else last_event_id()


async def only_theirs(chunks: AsyncGenerator[bytes], clients: frozenset[int] | None) -> AsyncGenerator[bytes]:
    """Of an event about a client for which the listener does not work, only its number passes, to resume from."""
    async with aclosing(chunks):
        async for chunk in chunks:
            yield chunk if clients is None else b"\n\n".join(heard(event, clients) for event in chunk.split(b"\n\n"))


def heard(event: bytes, clients: frozenset[int]) -> bytes:
    lines = event.split(b"\n")
    told = next((line.removeprefix(DATA) for line in lines if line.startswith(DATA)), b"")
    whose = json.loads(told).get("client") if told else None
    return event if whose is None or whose in clients else b"\n".join(line for line in lines if line.startswith(b"id:"))


async def without_connection(chunks: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    opened_at = monotonic()
    async with aclosing(chunks):
        async for chunk in chunks:
            await sync_to_async(release_connections)()
            yield chunk
            if monotonic() - opened_at > STREAM_SECONDS:
                return


class Relay:
    """Follows the event rows in a thread, one per web process, and passes new ones to the pages connected here."""

    def __init__(self, interval: float = 0.25):
        self.interval = interval
        self.lock = threading.Lock()
        self.started = False
        self.bell = threading.Event()
        self.passed_on: dict[str, int] = {}

    def start(self) -> None:
        with self.lock:
            if self.started:
                return
            self.started = True
        threading.Thread(target=self.run, daemon=True, name="live-relay").start()
        if settings.REDIS_URL:
            threading.Thread(target=self.hear_redis, daemon=True, name="live-bell").start()

    def run(self) -> None:
        while True:
            try:
                self.look()
            except Exception:
                log.exception("The live relay stumbled and goes on.")
                release_connections()
            self.bell.wait(self.interval)
            self.bell.clear()

    def hear_redis(self) -> None:
        while True:
            try:
                with Redis.from_url(settings.REDIS_URL, socket_keepalive=True).pubsub() as pubsub:
                    pubsub.subscribe(TOPIC)
                    for _ in pubsub.listen():
                        self.bell.set()
            except RedisError as problem:
                log.warning("Redis does not answer, live events take a little longer: %s", problem)
            sleep(5)

    def look(self) -> None:
        manager = views.get_listener_manager()
        with manager.lock:
            channels = set(manager.listeners_by_channel)
        if not channels:
            release_connections()
        for gone in self.passed_on.keys() - channels:
            del self.passed_on[gone]
        if channels:
            newest = dict(EventCounter.objects.filter(name__in=channels).values_list("name", "value"))
            for channel in channels:
                self.passed_on[channel] = self.follow(channel, newest.get(channel, 0))

    def follow(self, channel: str, newest: int) -> int:
        """Returns the number of the last event that was passed on."""
        before = self.passed_on.get(channel)
        if before is None:
            read_again(channel)
            return newest
        if newest <= before:
            return newest
        try:
            fresh = get_storage().get_events(channel, before)
        except EventDoesNotExist as trimmed:
            # Nothing happened for a day, and `before` was cleared away with the old events.
            read_again(channel)
            return trimmed.current_id
        for event in fresh:
            views.get_listener_manager().add_to_queues(channel, event)
        return fresh[-1].id if fresh else before


def read_again(channel: str) -> None:
    """Let each listener look up in the table what came after the last event it knows."""
    manager = views.get_listener_manager()
    with manager.lock:
        for listener in manager.listeners_by_channel.get(channel, ()):
            listener.overflow = True
            listener.wake_threadsafe()


relay = Relay()
