"""Who calls a tool, what they work for, and what they may ask."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from sophia.membership import works_for
from sophia.refusals import NotAllowed
from sophia.tokens import entering
from sophia.tokens.models import Token

Clients = frozenset[int] | None
"""Ids of the clients that somebody works for. None: all of them."""


@dataclass(frozen=True)
class Caller:
    """Without `token` a person, who may ask everything that their roles allow."""

    person: User
    token: Token | None = None

    @property
    def clients(self) -> Clients:
        return self.token.client_ids() if self.token else works_for(self.person)

    def require(self, scope: str) -> None:
        if self.token:
            self.token.require(scope)


def authenticate(header: str) -> Caller:
    """From the value of an Authorization header, `Bearer …`. Refused, with a sentence, for anything else."""
    token = entering.enter(header)
    return Caller(token.person, token)


def named(username: str) -> Caller:
    """As they are now: roles may change while an agent is connected."""
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise NotAllowed(f"There is no active user “{username}”.")
    return Caller(person)
