"""What two workers, or a worker and a person, do at the same moment. SQLite has one writer, so it is PostgreSQL's."""

from contextlib import contextmanager
from threading import Thread

import pytest
from django.db import connection, transaction

from publishing.models import Pause, Publication
from tests import make

pytestmark = [pytest.mark.only_on("postgresql"), pytest.mark.django_db(transaction=True)]
A_MOMENT = 0.5


@contextmanager
def meanwhile(act):
    """Begins `act` on a connection of its own, which must wait until the block, and its transaction, have ended."""

    def run():
        try:
            act()
        finally:
            connection.close()

    other = Thread(target=run)
    with transaction.atomic():
        yield
        other.start()
        other.join(A_MOMENT)
        assert other.is_alive(), "It waited for nothing."
    other.join()


def claim(publication):
    assert publication.claim()


def prepared(publication):
    attempt = publication.claim()
    with attempt.reaching() as platform:
        reference = platform.prepare(publication.sealed_content())
    publication.keep_reference(attempt.token, reference)
    return lambda: attempt.begin_commit(publication, reference)


@pytest.mark.parametrize("scope", ["everything", "client", "platform", "account"])
def test_a_pause_is_committed_after_the_claim_that_is_being_made(publication, page, operator, scope):
    named = {"everything": {}, "client": {"client": page.client}, "platform": {"platform": page.platform}}
    details = named.get(scope, {"account": page})
    with meanwhile(lambda: Pause.objects.start(by=operator, reason="Wait", **details)):
        claim(publication)
        assert not Pause.objects.exists()
    assert Pause.objects.in_force().exists()


def test_a_pause_is_committed_after_the_commit_that_has_begun(publication, operator):
    begin_commit = prepared(publication)
    with meanwhile(lambda: Pause.objects.start(by=operator, reason="Wait")):
        begin_commit()
    assert publication.attempts.get().committing_at
    assert Pause.objects.in_force().exists()


def test_a_claim_waits_for_the_pause_that_is_being_made(publication, operator):
    with meanwhile(publication.claim):
        Pause.objects.start(by=operator, reason="Wait")
    publication.refresh_from_db()
    assert publication.state == Publication.State.QUEUED


def test_a_pause_made_between_the_claim_and_the_commit_keeps_it_in(publication, operator, outbox):
    begin_commit = prepared(publication)
    refused = []

    def commit():
        try:
            begin_commit()
        except Exception as held:  # noqa: BLE001  told to the test's own thread
            refused.append(str(held))

    with meanwhile(commit):
        Pause.objects.start(by=operator, reason="Wait")
    assert (refused, outbox) == ([f"everything is paused by {operator}: Wait"], [])


def test_two_posts_of_an_account_do_not_begin_their_commits_together(publication, page, author, operator):
    other = make.approved(make.draft(page, author, text="Another."), operator)
    first, second = prepared(publication), prepared(other)
    with meanwhile(second):
        first()
    assert [row.attempts.get().committing_at is not None for row in (publication, other)] == [True, True]
