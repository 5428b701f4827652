"""One client for the Graph API of Facebook and Instagram. Facts: platforms.md A0, C and D.

The token travels in the Authorization header only. Every call has its own connection and is never repeated here,
so whoever calls knows whether something left.
"""

import os
import re
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from threading import Timer
from typing import Any
from urllib.parse import quote

import requests
from django.utils import timezone
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProtocolError, ProxyError
from urllib3.filepost import encode_multipart_formdata

from publishing.platforms import answers, errors, usage
from publishing.platforms.answers import Answer
from publishing.platforms.base import Call, Kind, NotYet, PlatformError

CONNECT, READ = 5.0, 20.0
DEADLINE = 45.0
"""Seconds after which a Platform starts no call. django-q2 kills a task at 60."""
LAST = 58.0
"""Seconds after which no call is still waiting for its answer."""
ROUNDING = timedelta(seconds=3)
MOST, PIECE = 2 * 2**20, 2**16
"""Bytes of an answer that are read at all, and at once."""

TOKEN = re.compile(r"[\x21-\x7e]+")


class Bearer(AuthBase):
    """As `auth`, so that a .netrc cannot replace it."""

    def __init__(self, token: str):
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Direct(requests.Session):
    """Looks at no redirect: to know its target, requests would read the whole body, without limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Graph:
    """`name` is for sentences. Every call is added to `calls`, whatever came of it."""

    def __init__(self, name: str, token: str, *, base_url: str, version: str, calls: list[Call]):
        self.name = name
        self.token = token
        self.root = f"{base_url.rstrip('/')}/{version}"
        self.calls = calls
        self.began = time.monotonic()
        self.skew = timedelta()
        """How far the platform's clock is ahead of ours, as its last answer told."""

    def there(self, moment: datetime) -> datetime:
        """A moment of ours on the platform's clock."""
        return moment + self.skew

    def get(self, verb: str, path: str, needs: str = "id", **params: Any) -> Answer:
        return self.call(verb, "GET", path, needs=needs, params=form(params))

    def post(
        self,
        verb: str,
        path: str,
        fields: Mapping[str, Any],
        *,
        irreversible: bool = False,
        needs: str = "id",
        files: Mapping[str, Any] | None = None,
    ) -> Answer:
        """`irreversible`: a lost answer may mean that something is public, so it becomes UNKNOWN, not RETRY."""
        return self.call(verb, "POST", path, irreversible=irreversible, needs=needs, data=form(fields), files=files)

    def delete(self, path: str) -> Answer:
        """A lost answer is RETRY: deleting again is harmless. Reading tells whether it is gone."""
        return self.call("delete", "DELETE", path, needs="success")

    def call(
        self, verb: str, method: str, path: str, *, irreversible: bool = False, needs: str = "id", **content: Any
    ) -> Answer:
        self._may_start()
        at, start = timezone.now(), time.monotonic()
        try:
            response, body = self._send(method, path, **content)
        except (requests.RequestException, HTTPError) as lost:
            self._record(at, start, verb, method, path, None)
            raise self._lost(lost, irreversible) from None
        self.skew = skew_in(response.headers, timezone.now(), self.skew)
        answer = answers.answer_in(body, self.token)
        error = answers.error_in(answer)
        refused = self._refused(error, response, irreversible) if error else None
        facts = {**answers.numbers(error), **self._usage(response, refused)}
        self._record(at, start, verb, method, path, response.status_code, **facts)
        if refused:
            raise refused
        if not (200 <= response.status_code < 300 and answers.fulfilled(answer, needs)):
            what = f"gave an answer that says nothing (HTTP {response.status_code})"
            raise errors.silence(self.name, what, irreversible=irreversible, status=response.status_code)
        return answer

    def _may_start(self) -> None:
        if not TOKEN.fullmatch(self.token):
            said = "This account has no usable token. Reconnect the account."
            raise PlatformError(Kind.AUTH, said, made_nothing=True)
        if self._elapsed() >= DEADLINE:
            raise self.used_up()

    def require_time(self, seconds: float) -> None:
        """NotYet when a call that takes so long would be cut off by the end of this run."""
        if self._elapsed() + seconds >= LAST:
            raise self.used_up()

    def used_up(self) -> NotYet:
        return NotYet(f"{self.name} is slow, and the time of this run is used up. It goes on.", working=False)

    def _send(self, method: str, path: str, **content: Any) -> tuple[requests.Response, bytes]:
        if files := content.pop("files", None):
            content |= multipart(content["data"], files, self.began + LAST - CONNECT)
        with Direct() as session:
            response = session.request(
                method,
                f"{self.root}/{quote(path)}",
                auth=Bearer(self.token),
                timeout=(CONNECT, min(READ, LAST - CONNECT - self._elapsed())),
                allow_redirects=False,
                stream=True,
                **content,
            )
            with response, hanging_up(response.raw.fileno(), LAST - self._elapsed()):
                return response, body_of(response)

    def _record(
        self, at: datetime, start: float, verb: str, method: str, path: str, status: int | None, **facts: Any
    ) -> None:
        milliseconds = round((time.monotonic() - start) * 1000)
        self.calls.append(Call(at, verb, method, answers.without(self.token, path), milliseconds, status, **facts))

    def _usage(self, response: requests.Response, refused: PlatformError | None) -> dict[str, Any]:
        said, headers = errors.throttle_in(refused) if refused else None, response.headers
        return {
            "usage": usage.percent(headers),
            "app_usage": usage.percent(headers, [usage.APP]),
            "throttles": (*filter(None, [said]), *usage.used_up(self.name, headers)),
        }

    def _elapsed(self) -> float:
        return time.monotonic() - self.began

    def _lost(self, lost: requests.RequestException | HTTPError, irreversible: bool) -> PlatformError:
        if was_cut(lost):
            said = f"The line to {self.name} is too slow: an image was not sent within {LAST:g} seconds."
            return PlatformError(Kind.RETRY, said, made_nothing=True)
        if never_left(lost):
            return PlatformError(Kind.RETRY, f"{self.name} could not be reached.", made_nothing=True)
        return errors.silence(self.name, "did not answer", irreversible=irreversible)

    def _refused(self, error: Answer, response: requests.Response, irreversible: bool) -> PlatformError:
        return errors.refusal(
            self.name,
            error,
            irreversible=irreversible,
            status=response.status_code,
            regain=usage.regain(response.headers),
            quote=answers.quotation(error),
        )


def skew_in(headers: Mapping[str, str], now: datetime, known: timedelta) -> timedelta:
    """By the Date of an answer, which has whole seconds: less than `ROUNDING` is none. `known` where it tells none."""
    try:
        ahead = parsedate_to_datetime(headers.get("Date", "")) - now
    except (TypeError, ValueError):
        return known
    return ahead if abs(ahead) > ROUNDING else timedelta()


class CutOff(TimeoutError):  # noqa: N818
    """The rest was not sent, so the platform has nothing of it."""


class Upload(BytesIO):
    """A body that stops being sent at `until`: a line that is slow, and goes on, ends in no timeout."""

    def __init__(self, body: bytes, until: float):
        super().__init__(body)
        self.until = until

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() >= self.until:
            raise CutOff
        return super().read(size)


def multipart(fields: Mapping[str, Any], files: Mapping[str, Any], until: float) -> dict[str, Any]:
    texts = {name: str(value) for name, value in fields.items()}
    body, content_type = encode_multipart_formdata({**texts, **files})
    return {"data": Upload(body, until), "headers": {"Content-Type": content_type}}


def was_cut(lost: requests.RequestException | HTTPError) -> bool:
    cause = lost.args[0] if lost.args else None
    return isinstance(cause, ProtocolError) and any(isinstance(each, CutOff) for each in cause.args)


def form(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Booleans in lower case, empty fields left out (platforms.md A0)."""
    return {
        key: str(value).lower() if isinstance(value, bool) else value
        for key, value in fields.items()
        if value not in (None, "")
    }


def never_left(lost: requests.RequestException | HTTPError) -> bool:
    """The connection was never made, so nothing can have been published."""
    cause = lost.args[0] if lost.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError | ProxyError)


@contextmanager
def hanging_up(number: int, seconds: float) -> Iterator[None]:
    """Ends the connection with this file number when the time is up: a timeout starts anew with every byte that
    trickles in."""
    with socket.socket(fileno=os.dup(number)) as line:
        alarm = Timer(max(seconds, 0), hang_up, [line])
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()
            alarm.join()


def hang_up(line: socket.socket) -> None:
    with suppress(OSError):  # The platform was faster.
        line.shutdown(socket.SHUT_RDWR)


def body_of(response: requests.Response) -> bytes:
    """Nothing, which is unreadable, when it is too long."""
    body = bytearray()
    for piece in response.iter_content(PIECE):
        body += piece
        if len(body) > MOST:
            return b""
    return bytes(body)
