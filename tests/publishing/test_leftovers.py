"""What a preparation leaves on the platform that nobody will publish: found, removed, or told to a person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Preparation, Publication, Step
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError, Sought
from publishing.sandbox.models import Fault, Knob, Picture, Post
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed
from tests import make
from tests.draining import carry_out, drain

TWO = ("teal", "navy")


def approved(account, by, text="Fresh bread at seven.", images=2, **details) -> Publication:
    pictures = [(make.image(color), "") for color in TWO[:images]]
    return make.approved(make.draft(account, by, text=text, pictures=pictures), by, **details)


def soon(account, by, **details) -> Publication:
    return approved(account, by, at=timezone.now() + timedelta(minutes=1), exact=True, **details)


def cancelled_after_a_lost_answer(account, by, **details) -> Preparation:
    """The post was made, and its answer never came."""
    publication = soon(account, by, **details)
    Fault.objects.arm("POST */feed", "reset", when="after")
    publication.prepare()
    publication.refresh_from_db()
    publication.cancel(by=by)
    publication.discard()
    return publication.preparations.get()


def look(preparation, times=1) -> None:
    for _ in range(times):
        make.behind_the_back(preparation, next_at=timezone.now())
        preparation.clear()
    preparation.refresh_from_db()


def live(account, by) -> Publication:
    """So that it is known which app makes our posts."""
    publication = approved(account, by, text="The first one.", images=1)
    publication.publish()
    publication.refresh_from_db()
    assert publication.is_live
    return publication


@pytest.mark.django_db(transaction=True)
def test_a_post_whose_answer_was_lost_is_found_and_removed_with_its_photos(accounts, operator):
    first = live(accounts["facebook"], operator)
    preparation = cancelled_after_a_lost_answer(accounts["facebook"], operator)
    assert Post.objects.existing().count() == 2
    look(preparation)
    assert [post.graph_id for post in Post.objects.existing()] == [first.post_id]
    assert not Picture.objects.filter(deleted_at=None, post=None).exists()
    assert preparation.next_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("but", ["another app", "public", "other words", "fewer photos", "older", "nobody knows us"])
def test_a_post_that_may_be_somebody_elses_is_left_alone(accounts, operator, but):
    if but != "nobody knows us":
        live(accounts["facebook"], operator)
    preparation = cancelled_after_a_lost_answer(accounts["facebook"], operator)
    orphan = Post.objects.unpublished().get()
    changed = {
        "another app": {"app_id": "77"},
        "public": {"published_at": timezone.now()},
        "other words": {"text": "Other."},
        "older": {"created_at": timezone.now() - timedelta(hours=1)},
    }
    Post.objects.filter(pk=orphan.pk).update(**changed.get(but, {"link": ""}))
    if but == "fewer photos":
        orphan.pictures.first().delete()
    photos = orphan.pictures.count()
    look(preparation, times=3)
    assert Post.objects.existing().filter(pk=orphan.pk).exists()
    assert orphan.pictures.filter(deleted_at=None).count() == photos


@pytest.mark.django_db(transaction=True)
def test_a_person_is_told_once_where_no_list_shows_it(accounts, operator, desk, settings):
    settings.ALLOWED_HOSTS = ["*"]
    live(accounts["facebook"], operator)
    Knob.objects.turn("1001", lists_unpublished=False)
    preparation = cancelled_after_a_lost_answer(accounts["facebook"], operator, images=0)
    look(preparation, times=3)
    assert Notice.objects.filter(kind="publication.left_over").count() == 1
    assert preparation.next_at is None
    page = desk.get(preparation.publication.get_absolute_url()).text
    assert "Meta Business Suite" in page
    desk.post(f"/preparations/{preparation.pk}/done")
    assert "Meta Business Suite" not in desk.get(preparation.publication.get_absolute_url()).text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ahead", [-45, 45])
def test_a_clock_that_is_wrong_hides_no_lost_post(accounts, operator, ahead):
    Knob.objects.turn(clock=ahead)
    first = live(accounts["facebook"], operator)
    look(cancelled_after_a_lost_answer(accounts["facebook"], operator, images=0))
    assert [post.graph_id for post in Post.objects.existing()] == [first.post_id]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_read_while_it_is_cleared_away_is_not_taken_for_gone(accounts, operator):
    live(accounts["facebook"], operator)
    publication = soon(accounts["facebook"], operator)
    publication.prepare()
    publication.refresh_from_db()
    publication.cancel(by=operator)
    Knob.objects.turn("1001", hides_posts=True)
    publication.discard()
    preparation = publication.preparations.get()
    assert not preparation.steps.filter(name="post").exclude(removed_at=None).exists()
    Knob.objects.turn("1001", hides_posts=False)
    look(preparation)
    assert Post.objects.existing().count() == 1
    assert not Picture.objects.filter(deleted_at=None, post=None).exists()
    assert preparation.next_at is None


@pytest.mark.django_db(transaction=True)
def test_the_photos_of_a_cancelled_one_step_post_are_removed(accounts, operator):
    accounts["facebook"].use_direct_way()
    publication = soon(accounts["facebook"], operator)
    publication.prepare()
    publication.refresh_from_db()
    assert publication.reference["way"] == "direct"
    publication.cancel(by=operator)
    publication.discard()
    assert Picture.objects.exclude(deleted_at=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_photos_uploaded_for_a_page_that_refuses_two_steps_are_removed(accounts, operator):
    Knob.objects.turn("1001", two_step=False)
    publication = approved(accounts["facebook"], operator)
    publication.publish()
    look(publication.preparations.get())
    publication.refresh_from_db()
    publication.publish()
    publication.refresh_from_db()
    assert publication.is_live
    assert not Picture.objects.filter(deleted_at=None, post=None).exists()


@pytest.mark.django_db(transaction=True)
def test_what_somebody_has_published_by_hand_is_not_removed_and_is_told(accounts, operator):
    publication = soon(accounts["facebook"], operator)
    publication.prepare()
    Post.objects.unpublished().update(published_at=timezone.now())
    publication.refresh_from_db()
    publication.cancel(by=operator)
    publication.discard()
    assert Post.objects.public().count() == 1
    assert not Picture.objects.exclude(deleted_at=None).exists()
    assert "public" in publication.preparations.get().problem


@pytest.mark.django_db(transaction=True)
def test_only_photos_of_a_sealed_reference_are_removed(accounts, operator):
    first = live(accounts["facebook"], operator)
    foreign = Picture.objects.get()
    publication = approved(accounts["facebook"], operator)
    publication.publish()
    publication.refresh_from_db()
    make.behind_the_back(publication, reference={**publication.reference, "photos": [foreign.graph_id]})
    carry_out(publication.recover(by=operator, reason="Wrong price"))
    foreign.refresh_from_db()
    assert (foreign.deleted_at, foreign.post.graph_id) == (None, first.post_id)


@pytest.fixture
def dropped(draft, operator, clock):
    publication = make.approved(draft, operator, at=timezone.now() + timedelta(minutes=1))
    publication.prepare()
    publication.refresh_from_db()
    publication.cancel(by=operator)
    return publication


def pass_time(clock, minutes):
    for _ in range(minutes):
        sweep()
        drain()
        clock.tick(timedelta(minutes=1))


def test_removing_is_tried_again_and_a_person_told_in_the_end(dropped, clock):
    for _ in range(7):
        memory.fail_next("discard", PlatformError(Kind.RETRY, "Down."))
    pass_time(clock, minutes=8)
    assert not Notice.objects.filter(kind="publication.left_over").exists()
    for _ in range(6):
        clock.tick(timedelta(days=1))
        pass_time(clock, minutes=1)
    assert Notice.objects.filter(kind="publication.left_over").count() == 1


def test_a_throttle_is_no_try_at_removing(dropped, clock):
    memory.fail_next("discard", PlatformError(Kind.WAIT, "Too many calls.", wait=timedelta(minutes=3), throttles=True))
    pass_time(clock, minutes=1)
    preparation = Preparation.objects.get()
    assert (preparation.tries, preparation.next_at > timezone.now() + timedelta(minutes=1)) == (0, True)
    pass_time(clock, minutes=5)
    assert memory.prepared == {}


def test_two_workers_do_not_clear_the_same_away(dropped):
    dropped.discard()
    preparation = Preparation.objects.get()
    make.behind_the_back(preparation, next_at=timezone.now())
    other = Preparation.objects.get()
    assert preparation.take_turn()
    assert not other.take_turn()


def test_an_orphan_is_sought_when_the_next_try_has_made_another(publication, clock, outbox):
    memory.fail_next("prepare", PlatformError(Kind.RETRY, "The line went dead."), after=True)
    pass_time(clock, minutes=8)
    assert len(outbox) == 1
    assert memory.prepared == {}


def test_what_another_worker_is_about_to_write_down_is_no_orphan(dropped, page, operator, author, monkeypatch):
    dropped.discard()
    preparation = Preparation.objects.get()
    Step.objects.update(external_id="", removed_at=None, settled_at=None)
    make.behind_the_back(preparation, next_at=timezone.now())
    twin = make.approved(make.draft(page, author), operator)
    twin.journal(twin.claim().token).intend("post")
    memory.prepared["just made"] = twin.outline()
    preparation.clear()
    assert "just made" in memory.prepared


def test_what_a_twin_has_prepared_is_no_orphan(dropped, page, operator, author):
    dropped.discard()
    preparation = Preparation.objects.get()
    Step.objects.update(external_id="", removed_at=None, settled_at=None)
    make.behind_the_back(preparation, next_at=timezone.now())
    twin = make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(minutes=1), exact=True)
    twin.prepare()
    preparation.clear()
    assert len(memory.prepared) == 1


def test_what_was_refused_for_certain_is_not_sought(publication, clock):
    refused = PlatformError(Kind.REJECTED, "The image is too large.", made_nothing=True)
    memory.fail_next("prepare", refused)
    publication.publish()
    sweep()
    drain()
    assert not Step.objects.lost().exists()
    assert Preparation.objects.get().next_at is None


def test_only_who_operates_may_say_that_it_is_done(dropped, viewer):
    dropped.discard()
    with pytest.raises(NotAllowed):
        Preparation.objects.get().settle(by=viewer)


def test_a_list_without_what_is_sought_is_believed_after_three_looks(publication, clock, monkeypatch):
    memory.fail_next("prepare", PlatformError(Kind.RETRY, "The line went dead."))
    monkeypatch.setattr(memory.Memory, "seek", lambda *arguments: Sought(lists=True))
    pass_time(clock, minutes=12)
    assert Step.objects.get(external_id="").looks == 3
    assert not Notice.objects.filter(kind="publication.left_over").exists()


def test_what_only_says_the_same_is_told_and_not_touched(publication, clock, monkeypatch):
    memory.fail_next("prepare", PlatformError(Kind.RETRY, "The line went dead."), after=True)
    monkeypatch.setattr(memory.Memory, "seek", lambda *arguments: Sought(lists=True, alike=("1001_7",)))
    pass_time(clock, minutes=12)
    notice = Notice.objects.get(kind="publication.left_over")
    assert "cannot prove that 1001_7 is it" in notice.sentence


@pytest.fixture
def direct(page, draft, operator, clock):
    """Prepared, and made public in one step."""
    page.use_direct_way()
    publication = make.approved(draft, operator, at=timezone.now() + timedelta(minutes=1), exact=True)
    publication.prepare()
    clock.tick(timedelta(minutes=1, seconds=1))
    return Publication.objects.get(pk=publication.pk)


def test_what_was_refused_for_certain_in_one_step_is_removed(direct, operator, clock):
    memory.fail_next("commit", PlatformError(Kind.REJECTED, "Not this."))
    direct.publish()
    direct.cancel(by=operator)
    pass_time(clock, minutes=2)
    assert memory.prepared == {}
    assert not Notice.objects.filter(kind="publication.left_over").exists()


def test_what_nobody_knows_the_end_of_stays_and_is_told_once(direct, operator, clock):
    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."))
    direct.publish()
    direct.refresh_from_db()
    direct.deny_by_hand(by=operator)
    direct.cancel(by=operator)
    pass_time(clock, minutes=3)
    assert len(memory.prepared) == 1
    assert Notice.objects.filter(kind="publication.left_over").count() == 1


@pytest.mark.parametrize("then", ["failed", "cancelled"])
def test_what_is_public_though_it_was_refused_is_told_urgently(publication, operator, clock, outbox, desk, then):
    memory.fail_next("commit", PlatformError(Kind.REJECTED, "It lies."), after=True)
    publication.publish()
    publication.refresh_from_db()
    if then == "cancelled":
        publication.cancel(by=operator)
    pass_time(clock, minutes=3)
    notice = Notice.objects.get(kind="publication.left_over")
    assert (notice.urgent, outbox[0].receipt.permalink in notice.sentence) == (True, True)
    assert f"though Sophia has it as {then}" in desk.get(publication.get_absolute_url()).text


@pytest.fixture
def told(dropped, monkeypatch):
    """One call of it was lost, and the next look in vain is the last. Another thing of it is left over."""
    dropped.discard()
    preparation = Preparation.objects.get()
    Step.objects.update(removed_at=None, settled_at=None)
    lost = {"intended_at": timezone.now(), "looks": 2, "dropped_at": timezone.now()}
    for name in ("post", "photo"):
        preparation.steps.create(name=name, **lost)
    make.behind_the_back(preparation, next_at=timezone.now())
    monkeypatch.setattr(memory.Memory, "seek", lambda *arguments: Sought(lists=False))
    return preparation


def test_who_is_told_is_told_once_and_nothing_is_touched_after_that(told, outbox):
    told.clear()
    assert Notice.objects.filter(kind="publication.left_over").count() == 1
    assert not Step.objects.exclude(external_id="").exclude(removed_at=None).exists()
    told.refresh_from_db()
    assert (told.next_at, told.steps.filter(looks=3).count()) == (None, 1)


def test_what_turns_up_while_a_person_looks_for_it_is_not_touched(told):
    told.clear()
    told.come_by()
    told.refresh_from_db()
    assert told.next_at is None
