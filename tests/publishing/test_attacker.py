"""Somebody who can write any column of any table, but has no key, makes nothing public that was not approved, nothing
before its time, and nothing twice.

Nobody sets anything due here: time passes, as it does for an attacker.
"""

import uuid
from contextlib import suppress
from datetime import time, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from publishing.models import Attempt, Entry, Publication, PublicationPicture, SocialAccount, Witness, heads
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from sophia.models import Desk
from tests import make

State = Publication.State
ASKED = [Publication, PublicationPicture, Attempt, Entry, Witness, SocialAccount, Desk]
TABLES = [model for label in ("publishing", "approval", "sophia") for model in apps.get_app_config(label).get_models()]
DAYS = 3
"""Until the one that waits is due."""


@pytest.fixture
def posts(page, author, operator, outbox, monkeypatch):
    """One that waits for a day to come, one that was cancelled, one that is out, and one that is out though nobody
    knows it yet. A sweep has seen their histories."""
    monkeypatch.setattr(heads, "is_on_disk", lambda: True)  # Here it is all one transaction.
    later = timezone.now() + timedelta(days=DAYS)
    image = [(make.image(), "A loaf")]
    direct = make.account("facebook", "1003")
    direct.use_direct_way()
    accounts = [page, page, page, direct]
    drafts = [make.draft(on, author, text=f"Bread, {number}.", pictures=image) for number, on in enumerate(accounts)]
    queued, cancelled = (make.approved(draft, operator, at=later) for draft in drafts[:2])
    cancelled.cancel(by=operator)
    live = make.published(drafts[2], operator)
    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."), after=True)
    doubtful = make.approved(drafts[3], operator)
    doubtful.publish()
    Witness.objects.gather()
    heads.keep()
    return [queued, cancelled, live, Publication.objects.get(pk=doubtful.pk)]


SOON, LATER = timedelta(minutes=1), timedelta(days=DAYS, seconds=1)
"""When the one in doubt is looked for, and when the one that waits is due."""


@pytest.fixture(params=[SOON, LATER], ids=["soon", "later"])
def when(request, posts, clock):
    """The posts, when an attacker comes to them."""
    clock.tick(request.param)
    return posts


def values(field):
    """What somebody might write there."""
    now = timezone.now()
    if field.is_relation:
        return list(field.related_model._base_manager.values_list("pk", flat=True)[:4])
    if field.choices:
        return [value for value, _ in field.choices]
    known = {
        models.DateTimeField: [now, now - timedelta(days=1)],
        models.BooleanField: [True, False],
        models.JSONField: [{}, {"way": "direct"}],
        models.UUIDField: [uuid.uuid4()],
        models.DurationField: [timedelta(days=99)],
        models.TimeField: [time(0, 0), time(23, 59)],
        models.BinaryField: [b"", b"x"],
    }
    plain = [1, 2] if isinstance(field, models.IntegerField) else ["", "x"]
    return next((each for kind, each in known.items() if isinstance(field, kind)), plain)


def work(posts):
    """All that workers would do of themselves, of a row that lies in the queue or was held by somebody who died."""
    for post in Publication.objects.filter(pk__in=[post.pk for post in posts]):
        for verb in (post.abandon, post.reconcile, post.publish):
            with suppress(Exception):  # A worker that dies makes nothing public.
                verb()
                post.refresh_from_db()


def shown(account, content):
    """What the public sees, and where."""
    return account, content.text, content.link, [(image.sha256, image.alt) for image in content.images]


def went_out(posts, outbox, tamper):
    """What is public after `tamper`: account and content. In a transaction that leaves no trace."""
    before, prepared = len(outbox), dict(memory.prepared)
    with suppress(DatabaseError), transaction.atomic():
        tamper()
        work(posts)
        transaction.set_rollback(True)
    went = [shown(posted.account, posted.content) for posted in outbox[before:]]
    del outbox[before:]
    memory.prepared.clear()
    memory.prepared.update(prepared)
    return went


def unwanted(posts, outbox, tamper):
    """Of these, what may not go out. The first may, as it was approved, at its time, and once."""
    went, waits = went_out(posts, outbox, tamper), posts[0]
    if timezone.now() >= waits.publish_at and went[:1] == [shown(waits.account.external_id, waits.outline())]:
        return went[1:]
    return went


def writings(model):
    """Each column with each value."""
    for field in model._meta.concrete_fields:
        for value in [*values(field), *([None] if field.null else [])]:
            yield field.attname, value


def write(model, column, value):
    with suppress(DatabaseError), transaction.atomic():
        model._base_manager.update(**{column: value})


def queue_again(posts):
    """As if each waited, and at the time that its history tells."""
    rows = Publication.objects.filter(pk__in=[post.pk for post in posts])
    rows.update(state=State.QUEUED, published_at=None, post_id="", reason="")


def cut_off(posts):
    """The lines that say what became of them, and from there on those of their client that tell of them."""
    queue_again(posts)
    for post in posts:
        first = post.history.order_by("number").first()
        then = {name: value for name, value in first.terms.items() if name in {"slot_at", "publish_at", "scheduled_at"}}
        Publication.objects.filter(pk=post.pk).update(**then)
        post.history.exclude(pk=first.pk)._raw_delete("default")
    first = Witness.objects.filter(entry__gt=1).order_by("number").first()
    Witness.objects.filter(number__gte=first.number)._raw_delete("default")
    Entry.objects.update(witnessed_at=None)
    Attempt.objects.all()._raw_delete("default")


@pytest.mark.parametrize("model", ASKED, ids=lambda model: model.__name__)
def test_no_column_of_a_table_that_the_claim_asks_is_enough(model, when, outbox):
    for writing in writings(model):
        assert not unwanted(when, outbox, lambda writing=writing: write(model, *writing)), writing


@pytest.mark.parametrize("model", ASKED, ids=lambda model: model.__name__)
def test_nor_is_one_beside_a_row_that_lies_in_the_queue_again(model, when, outbox):
    for writing in writings(model):

        def tamper(writing=writing):
            queue_again(when)
            write(model, *writing)

        assert not unwanted(when, outbox, tamper), writing


@pytest.mark.parametrize("model", ASKED, ids=lambda model: model.__name__)
def test_nor_is_one_where_the_ends_of_all_histories_were_cut_off(model, when, outbox):
    for writing in writings(model):

        def tamper(writing=writing):
            cut_off(when)
            write(model, *writing)

        assert not unwanted(when, outbox, tamper), writing


@pytest.mark.parametrize("before", [queue_again, cut_off, lambda posts: None])
def test_nor_do_the_columns_of_any_other_table(before, when, outbox):
    for model in TABLES:

        def tamper(model=model):
            before(when)
            for writing in writings(model):
                write(model, *writing)

        assert not unwanted(when, outbox, tamper), model


@pytest.mark.parametrize("before", [queue_again, cut_off, lambda posts: None])
def test_no_row_that_is_taken_away_is_enough(before, when, outbox):
    for model in TABLES:

        def tamper(model=model):
            before(when)
            model._base_manager.all()._raw_delete("default")

        assert not unwanted(when, outbox, tamper), model


def test_a_commit_that_was_taken_out_of_a_history_is_no_proof_of_none(posts, outbox, clock):
    clock.tick(SOON)
    doubtful, before = posts[3], len(outbox)
    doubtful.history.filter(verb="commit")._raw_delete("default")
    Attempt.objects.filter(publication=doubtful.pk)._raw_delete("default")
    work([doubtful])
    doubtful.refresh_from_db()
    assert (doubtful.state, len(outbox)) == (State.UNCONFIRMED, before)


@pytest.mark.parametrize("which", range(4))
def test_no_row_of_an_older_state_goes_out_again(which, posts, operator, outbox, clock):
    post = posts[which]
    then = Publication.objects.filter(pk=post.pk).values().get()
    if which == 0:
        post.cancel(by=operator)
    clock.tick(SOON if which == 3 else LATER)

    def tamper():
        Publication.objects.filter(pk=post.pk).update(**then | {"state": State.QUEUED, "published_at": None})
        post.attempts.all()._raw_delete("default")

    assert went_out([post], outbox, tamper) == []


def test_a_post_that_nobody_touched_goes_out_all_the_same(posts, outbox, clock):
    clock.tick(LATER)
    assert len(went_out(posts, outbox, lambda: None)) == 1
