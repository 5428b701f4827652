from functools import partial

from django.db import transaction

from sophia import live
from sophia.notifications.models import Notice


def announce(kind: str, sentence: str, *, link: str = "", urgent: bool = False) -> None:
    """Tell it: a Notice now, in the caller's transaction, and a word to the open pages once that is committed."""
    notice = Notice.objects.create(kind=kind, sentence=sentence, link=link, urgent=urgent)
    event = {"notice": notice.pk, "kind": kind, "sentence": sentence, "link": link, "urgent": urgent}
    transaction.on_commit(partial(live.publish, "desk", kind, event), robust=True)
