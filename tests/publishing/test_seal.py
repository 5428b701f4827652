import uuid
from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.db import IntegrityError

from publishing import seal
from publishing.models import Image, Publication
from publishing.platforms.base import Content
from tests import make


@pytest.fixture
def with_image(page, operator):
    draft = make.draft(page, operator, pictures=[(make.image(), "A loaf of bread")])
    return make.approved(draft, operator)


def refused_because_changed(publication, outbox):
    publication.publish()
    publication.refresh_from_db()
    return (
        not outbox and publication.state == Publication.State.FAILED and "Changed since approval" in publication.reason
    )


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Buy crypto"},
        {"link": "https://evil.example"},
        {"seal": "x"},
    ],
)
def test_a_row_changed_behind_the_back_is_not_sent(with_image, outbox, change):
    make.behind_the_back(with_image, **change)
    assert refused_because_changed(with_image, outbox)


def test_another_approver_or_another_time_breaks_the_seal(with_image, outbox, second_operator):
    make.behind_the_back(with_image, approved_by=second_operator)
    assert refused_because_changed(with_image, outbox)


def test_another_account_breaks_the_seal(with_image, outbox):
    make.behind_the_back(with_image, account=make.account(external_id="1002"))
    assert refused_because_changed(with_image, outbox)


def test_a_changed_alt_text_breaks_the_seal(with_image, outbox):
    with_image.pictures.update(alt="Something rude")
    assert refused_because_changed(with_image, outbox)


def test_an_exchanged_image_breaks_the_seal(with_image, outbox):
    with_image.pictures.update(image=make.image("red"))
    assert refused_because_changed(with_image, outbox)


def test_an_added_image_breaks_the_seal(with_image, outbox):
    with_image.pictures.create(position=1, image=make.image("red"))
    assert refused_because_changed(with_image, outbox)


def test_one_changed_byte_of_an_image_file_is_not_sent(with_image, outbox):
    path = with_image.pictures.get().image.path
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)
    assert refused_because_changed(with_image, outbox)
    assert "image 1" in with_image.reason


def test_a_missing_image_file_is_not_sent(with_image, outbox):
    with_image.pictures.get().image.path.unlink()
    assert refused_because_changed(with_image, outbox)


def test_what_fits_goes_out_with_the_approved_bytes(with_image, outbox):
    with_image.publish()
    [image] = outbox[0].content.images
    assert (image.sha256, image.alt) == (with_image.pictures.get().image_id, "A loaf of bread")


def test_a_failed_seal_can_be_retried_and_still_is_not_sent(with_image, operator, outbox):
    make.behind_the_back(with_image, text="Buy crypto")
    with_image.publish()
    with_image.retry(by=operator)
    assert refused_because_changed(with_image, outbox)


def test_a_seal_made_with_an_earlier_key_still_fits(with_image, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key " * 6
    assert not with_image.damage()


def test_a_seal_made_with_a_foreign_key_does_not_fit(with_image, settings):
    settings.SECRET_KEY = "a foreign key " * 6
    assert with_image.damage()


def test_a_seal_is_for_one_statement_only():
    made = seal.make("one statement")
    assert seal.fits(made, "one statement")
    assert not seal.fits(made, "another statement")


@pytest.mark.parametrize("fits", [seal.fits, seal.fits_earlier])
def test_the_seal_of_a_longer_statement_fits_no_shorter_one(fits):
    for longer in (seal.make("mine:and more"), Signer(salt=seal.SALT).signature("mine:and more")):
        assert not fits(f"and more:{longer}", "mine")


def test_two_sets_of_facts_are_never_one_statement():
    facts = [{"mode": "manual", "agreed": 2}, {"mode": "manual 2", "agreed": None}, {"mode": "manual", "agreed": "2"}]
    assert len({seal.statement("approval", **each) for each in facts}) == 3
    assert seal.statement("approval", **facts[0]) != seal.statement("step", **facts[0])


def test_no_mode_but_the_two_is_written_down(publication):
    with pytest.raises(IntegrityError):
        make.behind_the_back(publication, mode="manual 2")


def test_a_seal_of_before_statements_had_names_still_decides(publication, outbox):
    make.sealed_earlier(publication)
    publication.publish()
    assert len(outbox) == 1


def test_a_seal_of_before_does_not_fit_another_text(publication, outbox):
    make.sealed_earlier(publication)
    make.behind_the_back(publication, text="Buy crypto")
    assert refused_because_changed(publication, outbox)


def test_another_mode_breaks_the_seal(draft, operator, outbox):
    manual = make.approved(draft, operator, mode=Publication.Mode.MANUAL)
    make.behind_the_back(manual, mode=Publication.Mode.AUTO)
    assert refused_because_changed(manual, outbox)


def test_another_time_of_approval_breaks_the_seal(with_image, outbox):
    make.behind_the_back(with_image, approved_at=with_image.approved_at + timedelta(microseconds=1))
    assert refused_because_changed(with_image, outbox)


def test_a_copied_row_has_no_seal_that_fits(publication, outbox):
    copy = Publication.objects.get(pk=publication.pk)
    copy.pk, copy.approval_id, copy._state.adding = None, uuid.uuid4(), True
    copy.save()
    assert refused_because_changed(copy, outbox)


def test_what_was_published_is_not_sent_again_by_turning_back_its_state(draft, operator, outbox):
    live = make.published(draft, operator)
    make.behind_the_back(live, state=Publication.State.QUEUED, post_id="", reference=None, published_at=None)
    live.publish()
    live.refresh_from_db()
    assert len(outbox) == 1
    assert live.reason.startswith("It has been published before.")


def test_what_another_has_prepared_on_the_platform_is_not_made_public(publication, outbox):
    platform = publication.account.reach()
    foreign = platform.prepare(Content("UNAPPROVED"))
    make.behind_the_back(publication, reference=foreign)
    assert refused_because_changed(publication, outbox)


def test_an_image_of_an_unknown_kind_is_not_sent(with_image, outbox):
    Image.objects.update(mime="image/gif")
    assert refused_because_changed(with_image, outbox)


def test_the_digest_is_of_the_canonical_form_in_the_documents(page, operator):
    import hashlib

    draft = make.draft(page, operator, text="Olá")
    canonical = '{"account":"facebook:1001","images":[],"link":"","text":"Olá"}'
    assert draft.digest() == hashlib.sha256(canonical.encode()).hexdigest()
