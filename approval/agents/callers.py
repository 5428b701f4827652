"""Who calls a tool, what they work for, and what they may ask."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.module_loading import import_string

from sophia.refusals import NotAllowed

Clients = frozenset[int] | None
"""Ids of the clients that somebody works for. None: all of them."""


@dataclass(frozen=True)
class Caller:
    """`scopes` None: a person, who may ask everything that their roles allow. A token has some."""

    person: User
    clients: Clients = None
    scopes: frozenset[str] | None = None

    def require(self, scope: str) -> None:
        if self.scopes is not None and scope not in self.scopes:
            raise NotAllowed(f"This token may not do that: it lacks the scope {scope}.")


Authenticate = Callable[[str], Caller]
"""From the value of an Authorization header, `Bearer …`. Refused, with a sentence, for anything else."""


def nobody(header: str) -> Caller:
    raise NotAllowed("This Sophia has given no tokens.")


def authenticate(header: str) -> Caller:
    found: Authenticate = import_string(settings.SOPHIA_AGENTS_AUTHENTICATE)
    return found(header)


def named(username: str) -> Caller:
    """As they are now: roles may change while an agent is connected."""
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise NotAllowed(f"There is no active user “{username}”.")
    return Caller(person)
