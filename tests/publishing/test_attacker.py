"""Somebody who can write any column of any table, but has no key, makes nothing public."""

import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from publishing.models import Attempt, Entry, Publication, PublicationPicture, SocialAccount, Witness
from tests import make

State = Publication.State
ASKED = [Publication, PublicationPicture, Attempt, Entry, Witness, SocialAccount]
TABLES = [model for label in ("publishing", "approval") for model in apps.get_app_config(label).get_models()]


@pytest.fixture
def posts(page, author, operator, outbox):
    """One that waits for a day to come, one that was cancelled, one that is out. Their histories are witnessed."""
    later = timezone.now() + timedelta(days=3)
    image = [(make.image(), "A loaf")]
    drafts = [make.draft(page, author, text=f"Bread, number {number}.", pictures=image) for number in range(3)]
    queued, cancelled = (make.approved(draft, operator, at=later) for draft in drafts[:2])
    cancelled.cancel(by=operator)
    live = make.published(drafts[2], operator)
    Witness.objects.gather()
    outbox.clear()
    return [queued, cancelled, live]


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
    }
    plain = [1, 2] if isinstance(field, models.IntegerField) else ["", "x"]
    return next((each for kind, each in known.items() if isinstance(field, kind)), plain)


def due(posts):
    """As if each were to go out now."""
    now = timezone.now()
    rows = Publication.objects.filter(pk__in=[post.pk for post in posts])
    rows.update(state=State.QUEUED, slot_at=now, publish_at=now, scheduled_at=now, published_at=None, post_id="")
    rows.update(reference=None, prepared_at=None, claim_token=None, claimed_until=None, reason="")


def work(posts):
    """All that workers would do of themselves."""
    for post in Publication.objects.filter(pk__in=[post.pk for post in posts]):
        for verb in (post.abandon, post.reconcile, post.publish):
            verb()


def makes_public(posts, outbox, tamper):
    """In a transaction that leaves no trace."""
    try:
        with transaction.atomic():
            tamper()
            work(posts)
            transaction.set_rollback(True)
    except Exception:  # noqa: BLE001  a worker that dies makes nothing public
        pass
    made = len(outbox)
    outbox.clear()
    return made > 0


def writings(model):
    """Each column with each value."""
    for field in model._meta.concrete_fields:
        for value in [*values(field), *([None] if field.null else [])]:
            yield field.attname, value


def write(model, column, value):
    with suppress(DatabaseError), transaction.atomic():
        model._base_manager.update(**{column: value})


def test_what_is_merely_set_due_is_stopped_and_says_why(posts, outbox):
    due(posts)
    work(posts)
    rows = Publication.objects.filter(pk__in=[post.pk for post in posts])
    assert {row.state for row in rows} == {State.FAILED}
    assert not outbox


@pytest.mark.parametrize("model", ASKED, ids=lambda model: model.__name__)
def test_no_column_of_a_table_that_the_claim_asks_makes_a_post_public(model, posts, outbox):
    for writing in writings(model):

        def tamper(writing=writing):
            due(posts)
            write(model, *writing)

        assert not makes_public(posts, outbox, tamper), writing


def test_nor_do_the_columns_of_any_other_table(posts, outbox):
    for model in TABLES:

        def tamper(model=model):
            due(posts)
            for writing in writings(model):
                write(model, *writing)

        assert not makes_public(posts, outbox, tamper), model


def test_no_column_of_its_own_makes_a_post_public(posts, outbox):
    for writing in writings(Publication):
        assert not makes_public(posts, outbox, lambda writing=writing: write(Publication, *writing)), writing


def test_no_row_that_is_taken_away_makes_a_post_public(posts, outbox):
    for model in TABLES:

        def tamper(model=model):
            due(posts)
            model._base_manager.all()._raw_delete("default")

        assert not makes_public(posts, outbox, tamper), model


@pytest.mark.parametrize("which", range(3))
def test_no_row_of_an_older_state_makes_a_post_public(which, posts, operator, outbox):
    post = posts[which]
    then = Publication.objects.filter(pk=post.pk).values().get()
    if which == 0:
        post.cancel(by=operator)
    older = then | {
        "state": State.QUEUED,
        "published_at": None,
        "slot_at": timezone.now(),
        "publish_at": timezone.now(),
    }

    def tamper():
        Publication.objects.filter(pk=post.pk).update(**older)
        post.attempts.all()._raw_delete("default")

    assert not makes_public(posts, outbox, tamper)


def test_a_post_that_nobody_touched_goes_out_all_the_same(posts, outbox):
    make.behind_the_back(posts[0], publish_at=timezone.now(), slot_at=timezone.now())
    assert makes_public(posts, outbox, lambda: None)
