"""Two taps at the same moment."""

import threading

import pytest
from django.db import connection

from approval.clientlinks.models import ClientLink
from approval.models import Draft
from publishing.models import Publication
from sophia.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs):
    start, refused = threading.Barrier(len(verbs)), []

    def run(verb):
        start.wait()
        try:
            verb()
        except Refused as no:
            refused.append(str(no))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_two_taps_at_once_approve_once(draft, trusted):
    digest = draft.digest()

    def tap():
        ClientLink.objects.get().approve(Draft.objects.get(), digest=digest)

    assert len(at_once(tap, tap, tap)) == 2
    assert Publication.objects.count() == 1


def test_of_approving_and_revoking_at_once_one_comes_first(draft, trusted, operator):
    digest = draft.digest()

    def approve():
        ClientLink.objects.get().approve(Draft.objects.get(), digest=digest)

    refused = at_once(approve, lambda: ClientLink.objects.get().revoke(by=operator))
    assert ClientLink.objects.get().revoked_at
    assert Publication.objects.count() == 1 - len(refused)


def test_the_same_comment_sent_twice_at_once_is_kept_once(draft, link):
    def send():
        ClientLink.objects.get().comment(Draft.objects.get(), text="Six, please.", digest="")

    assert at_once(send, send) == []
    assert Draft.objects.get().comments.count() == 1
