"""What the pages have in common: who may see them, and how they answer when a verb will not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sophia import live
from sophia.refusals import ChangedUnderneath, NotAllowed, Refused, WrongState


class Asked(HttpRequest):
    """A request of somebody who is signed in. `place` is where its page starts to listen for changes."""

    user: User
    place: str


Page = Callable[..., HttpResponseBase]


def seen_with(*permissions: str) -> Callable[[Page], Page]:
    """A page for people who hold these permissions. Others are sent to sign in, or get a 403."""

    def decorate(page: Page) -> Page:
        @login_required
        @permission_required(permissions, raise_exception=True)
        @wraps(page)
        def listening(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # Before anything is read, so that what happens from here on is heard.
            request.place = live.last_event_id()
            return page(request, *args, **kwargs)

        return listening

    return decorate


def status_of(refused: Refused) -> int:
    if isinstance(refused, NotAllowed):
        return 403
    return 409 if isinstance(refused, WrongState | ChangedUnderneath) else 422
