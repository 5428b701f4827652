from functools import partial

from django.db import transaction

from sophia import live
from sophia.notifications.kinds import BY_NAME
from sophia.notifications.models import Notice


def announce(kind: str, sentence: str, *, link: str = "", urgent: bool = False, client: int | None = None) -> None:
    """Tell it: a Notice now, in the caller's transaction, and a word to the open pages once that is committed.

    `client` is the id of the client it is about, or None where it is about all. KeyError for an unknown kind.
    """
    notice = Notice.objects.create(
        kind=BY_NAME[kind].name, sentence=sentence, link=link, urgent=urgent, client_id=client
    )
    event = {"notice": notice.pk, "kind": kind, "sentence": sentence, "link": link, "urgent": urgent}
    transaction.on_commit(partial(live.publish, "desk", kind, event), robust=True)
