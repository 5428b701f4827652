from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from sophia.notifications.models import Notice


def announce(
    kind: str,
    sentence: str,
    *,
    link: str = "",
    urgent: bool = False,
    client: int | None = None,
    meant_for: Iterable[User] = (),
) -> None:
    """Tell it: a Notice now, in the caller's transaction, with its deliveries to those who subscribed.

    `client` is the id of the client it is about, or None where it is about all. `meant_for`: whom a personal kind is
    worth it for. KeyError for an unknown kind.
    """
    with transaction.atomic(savepoint=False):
        Notice.objects.tell(kind, sentence, link=link, urgent=urgent, client=client, meant_for=meant_for)
