"""Who stands at the door: from the Authorization header to a token that may go on. For every door that takes tokens."""

from collections import defaultdict, deque
from threading import Lock
from time import monotonic

from django.conf import settings

from sophia.refusals import Refused
from sophia.tokens.models import Token

MINUTE = 60.0
MAKE = "An administrator makes tokens at /tokens/."


class Unknown(Refused):
    """No token, or one that opens nothing."""


class TooMany(Refused):
    """More requests than a token may make in a minute."""

    def __init__(self, message: str, seconds: int):
        super().__init__(message)
        self.seconds = seconds


def enter(authorization: str) -> Token:
    """The token of `Authorization: Bearer sophia_…`, which is noted as used. Unknown or TooMany."""
    scheme, _, secret = authorization.partition(" ")
    if not authorization:
        raise Unknown(f"Send a token: “Authorization: Bearer sophia_…”. {MAKE}")
    if scheme.lower() != "bearer":
        raise Unknown(f"Only Bearer tokens are taken, such as “Authorization: Bearer sophia_…”. {MAKE}")
    token = require_open(Token.objects.behind(secret.strip()))
    pace.take(token)
    token.note_use()
    return token


def require_open(token: Token | None) -> Token:
    if token is None:
        raise Unknown(f"Sophia does not know this token. {MAKE}")
    if token.revoked_at:
        raise Unknown(f"This token was revoked. {MAKE}")
    if token.is_expired:
        raise Unknown(f"This token has expired. {MAKE}")
    if not token.person.is_active:
        raise Unknown(f"{token.person}, for whom this token acts, is switched off. {MAKE}")
    return token


class Pace:
    """Requests of each token within the last minute, counted in this process."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.taken: dict[str, deque[float]] = defaultdict(deque)

    def take(self, token: Token) -> None:
        now, most = monotonic(), settings.SOPHIA_API_REQUESTS_PER_MINUTE
        with self.lock:
            taken = self.taken[token.fingerprint]
            while taken and taken[0] <= now - MINUTE:
                taken.popleft()
            if len(taken) >= most:
                wait = int(taken[0] + MINUTE - now) + 1
                raise TooMany(f"This token may make {most} requests a minute. Try again in {wait} s.", wait)
            taken.append(now)


pace = Pace()
