"""Who may be told of which clients. Reads only."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q

from sophia import people
from sophia.membership import Membership, works_for
from sophia.refusals import NotAcceptable


def require_theirs(by: User, clients: Sequence[Any], person: User | None) -> None:
    """None chosen means all: of a person's own channel all that they may see, of a team's channel really all."""
    people.require(by, people.SUBSCRIBE, of=None)
    for client in clients:
        people.require(by, people.SUBSCRIBE, of=client.pk)
    if works_for(by) is not None and not clients and person != by:
        raise NotAcceptable("Choose at least one client: without any, it would tell of all.")


def may_hear_of(client: int) -> Q:
    """Subscriptions of teams, and of people who work for this client."""
    restricted = Membership.objects.filter(person=OuterRef("person"), all_clients=False)
    return Q(person=None) | Q(person__is_superuser=True) | Q(~Exists(restricted.exclude(clients=client)))
