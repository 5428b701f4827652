"""A session ends when nobody uses it, and after a while in any case.

A page that refreshes itself is no use: only what somebody opens or presses counts.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

BEGAN, SEEN, CONFIRMED = "began", "seen", "confirmed"
NOTED = 0.1
"""Of the time that may pass without a page: not every page writes."""


@receiver(user_logged_in)
def begin(request: HttpRequest, **details: Any) -> None:
    """Django calls this however somebody signs in. Whoever just did need not confirm it."""
    now = seconds(timezone.now())
    for name in (BEGAN, SEEN, CONFIRMED):
        request.session[name] = now


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def go_on(request: HttpRequest) -> None:
    """Ends the session when its time is over, and notes that it is in use."""
    session, now = request.session, seconds(timezone.now())
    if SESSION_KEY not in session:
        return
    began, seen = session.get(BEGAN, 0), session.get(SEEN, 0)
    if now - began > lasting("AGE") or now - seen > lasting("IDLE"):
        logout(request)
    elif now - seen >= NOTED * lasting("IDLE") and somebody_is_there(request):
        session[SEEN] = now


def lasting(name: str) -> float:
    return float(getattr(settings, f"SOPHIA_SESSION_{name}").total_seconds())


def somebody_is_there(request: HttpRequest) -> bool:
    """Browsers tell what a request is for. Programs that tell nothing count as somebody."""
    return request.method == "POST" or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def confirm(request: HttpRequest) -> None:
    request.session[CONFIRMED] = seconds(timezone.now())


def is_confirmed(request: HttpRequest) -> bool:
    ago = seconds(timezone.now()) - request.session.get(CONFIRMED, 0)
    return bool(0 <= ago <= settings.SOPHIA_CONFIRM_AFTER.total_seconds())
