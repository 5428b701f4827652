"""The second of two guards: what was in order when it was claimed is looked at once more before it is sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Publication
from publishing.platforms import memory
from tests import make

State = Publication.State


@pytest.fixture
def pictured(page, author, operator):
    """Due in a minute, with an image."""
    draft = make.draft(page, author, pictures=[(make.image(), "A loaf")])
    return make.approved(draft, operator, at=timezone.now() + timedelta(minutes=1))


@pytest.fixture
def claimed(pictured):
    make.behind_the_back(pictured, publish_at=timezone.now())
    return pictured.claim()


def damage_file(publication):
    path = publication.pictures.get().image.path
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def test_a_text_that_was_changed_after_the_claim_is_not_sent(claimed, outbox):
    make.behind_the_back(claimed.publication, text="Buy crypto")
    claimed.run()
    assert outbox == []


def test_nor_is_it_prepared_where_the_worker_reads_it_after_that(claimed, outbox):
    make.behind_the_back(claimed.publication, text="Buy crypto")
    claimed.publication.refresh_from_db()
    claimed.run()
    assert (outbox, memory.prepared, claimed.outcome) == ([], {}, "refused")


def test_an_image_file_that_was_changed_after_the_claim_is_not_sent(claimed, outbox):
    damage_file(claimed.publication)
    claimed.run()
    assert (outbox, memory.prepared, claimed.outcome) == ([], {}, "refused")
    assert claimed.publication.state == State.FAILED


def test_a_text_that_was_changed_before_it_is_prepared_ahead_is_not_prepared(pictured):
    attempt = pictured.claim_ahead()
    make.behind_the_back(pictured, text="Buy crypto")
    pictured.refresh_from_db()
    attempt.prepare_ahead()
    assert (memory.prepared, attempt.outcome) == ({}, "refused")


def test_nor_is_an_image_file(pictured):
    attempt = pictured.claim_ahead()
    damage_file(pictured)
    attempt.prepare_ahead()
    assert (memory.prepared, attempt.outcome) == ({}, "refused")


@pytest.mark.parametrize("change", [damage_file, lambda it: make.behind_the_back(it, text="Buy crypto")])
def test_what_was_prepared_ahead_and_changed_since_is_not_made_public(pictured, outbox, change):
    pictured.prepare()
    assert memory.prepared
    change(pictured)
    make.behind_the_back(pictured, publish_at=timezone.now())
    pictured.publish()
    pictured.refresh_from_db()
    assert (pictured.state, outbox) == (State.FAILED, [])
