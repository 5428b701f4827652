from django.db import transaction

from sophia.notifications.models import Notice


def announce(kind: str, sentence: str, *, link: str = "", urgent: bool = False, client: int | None = None) -> None:
    """Tell it: a Notice now, in the caller's transaction, with its deliveries to those who subscribed.

    `client` is the id of the client it is about, or None where it is about all. KeyError for an unknown kind.
    """
    with transaction.atomic(savepoint=False):
        Notice.objects.tell(kind, sentence, link=link, urgent=urgent, client=client)
