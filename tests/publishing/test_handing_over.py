"""Posting by hand, and the two buttons: what a person says is read back, and both answers are safe."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from publishing import handing_over
from publishing.models import Publication
from publishing.platforms import memory
from publishing.platforms.base import Content, Kind, PlatformError
from sophia.notifications.models import Notice
from sophia.refusals import NotAllowed, Refused, WrongState
from tests import make
from tests.draining import drain

State = Publication.State
LINK = "https://www.facebook.com/1001/posts/77"
LOST = PlatformError(Kind.UNKNOWN, "The line went dead.")


@pytest.fixture
def handed(page, author, operator):
    draft = make.draft(page, author, pictures=[(make.image(), "A loaf"), (make.image("navy"), "")])
    publication = make.approved(draft, operator, mode=Publication.Mode.MANUAL)
    publication.publish()
    publication.refresh_from_db()
    return publication


@pytest.fixture
def there(handed):
    """A person has posted it, and the platform shows it."""

    def post(text=handed.text):
        shown = memory.Posted("1001_77", "1001", Content(text), {"way": "by hand"}, timezone.now(), link=LINK)
        memory.outbox.append(shown)
        return shown

    return post


@pytest.fixture
def doubtful(publication):
    def make_doubtful(*, after):
        memory.fail_next("commit", LOST, after=after)
        publication.publish()
        publication.refresh_from_db()
        assert publication.state == State.UNCONFIRMED
        return publication

    return make_doubtful


def test_what_was_posted_is_read_back(handed, there, operator):
    there()
    said = handing_over.posted(handed, by=operator, link=LINK)
    assert said == "Its text is what was approved."
    assert (handed.state, handed.post_id, handed.permalink) == (State.PUBLISHED, "1001_77", LINK)


def test_another_text_is_shown_and_may_be_kept(handed, there, operator):
    there("Fresh bread at eight.")
    with pytest.raises(handing_over.TextDiffers) as differs:
        handing_over.posted(handed, by=operator, link=LINK)
    assert differs.value.message == "Fresh bread at eight."
    handed.refresh_from_db()
    assert handed.state == State.HANDOFF
    handing_over.posted(handed, by=operator, link=LINK, keep=True)
    assert handed.is_live
    assert "differs" in handed.reason


def test_what_sophia_does_not_see_is_taken_on_the_persons_word(handed, operator):
    said = handing_over.posted(handed, by=operator, link=LINK)
    assert "does not see it" in said
    assert (handed.state, handed.post_id, handed.permalink) == (State.PUBLISHED, "", LINK)


def test_what_sophia_sees_later_and_reads_otherwise_is_not_taken_for_it(handed, there, operator, clock):
    memory.fail_next("recognise", PlatformError(Kind.RETRY, "Facebook did not answer."))
    handing_over.posted(handed, by=operator, link=LINK)
    there("Stale bread.")
    handed.look_for_itself()
    assert (handed.post_id, [each.post_id for each in handed.offered()]) == ("", ["1001_77"])


def test_a_text_that_a_person_kept_is_no_news_later(handed, there, operator, clock):
    there("Fresh bread, and cake.")
    handing_over.posted(handed, by=operator, link=LINK, keep=True)
    clock.tick(timedelta(minutes=5))
    handed.watch()
    assert [sighting.verdict for sighting in handed.sightings.all()] == ["differs", "differs"]
    assert not Notice.objects.filter(kind="post.differs").exists()


def test_a_platform_that_is_down_keeps_nobody_from_confirming(handed, operator):
    memory.fail_next("recognise", PlatformError(Kind.RETRY, "Facebook did not answer."))
    assert "could not look" in handing_over.posted(handed, by=operator, link=LINK)
    assert handed.is_live


@pytest.mark.parametrize(
    "link", ["", "https://example.com/1", "https://facebook.com.evil.example/1", "https://instagram.com/p/1"]
)
def test_a_link_that_leads_elsewhere_is_refused(handed, operator, link):
    with pytest.raises(Refused):
        handing_over.posted(handed, by=operator, link=link)
    handed.refresh_from_db()
    assert handed.state == State.HANDOFF


def test_the_link_of_another_publication_is_refused(handed, page, author, operator, there):
    other = make.published(make.draft(page, author), operator)
    there().post_id = other.post_id
    with pytest.raises(Refused, match=f"belongs to Publication {other.pk}"):
        handing_over.posted(handed, by=operator, link=LINK)


def test_only_who_may_and_only_once(handed, operator, author):
    with pytest.raises(NotAllowed):
        handing_over.posted(handed, by=author, link=LINK)
    handing_over.posted(handed, by=operator, link=LINK)
    with pytest.raises(WrongState):
        handing_over.posted(handed, by=operator, link=LINK)


def test_the_package_holds_everything(client, operator, handed):
    client.force_login(operator)
    answer = client.get(reverse("publishing:package", args=[handed.pk]))
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(archive.namelist()) == ["1 alt text.txt", "1.jpg", "2.jpg", "text.txt"]
    assert archive.read("text.txt").decode() == handed.text


def test_a_damaged_package_is_not_handed_out(client, operator, handed):
    client.force_login(operator)
    make.behind_the_back(handed, text="Something else.")
    assert client.get(reverse("publishing:package", args=[handed.pk])).status_code == 422
    page = client.get(handed.get_absolute_url()).content.decode()
    assert "The seal does not fit" in page
    assert "copy-text" not in page


def test_the_package_is_there_only_while_it_is_handed_over(client, operator, viewer, publication, handed):
    client.force_login(operator)
    assert client.get(reverse("publishing:package", args=[publication.pk])).status_code == 404
    client.force_login(viewer)
    assert client.get(reverse("publishing:package", args=[handed.pk])).status_code == 403


def test_a_text_that_differs_is_shown_on_the_page(client, operator, handed, there):
    there("Fresh bread at eight.")
    client.force_login(operator)
    answer = client.post(reverse("publishing:confirm", args=[handed.pk]), {"link": LINK})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<ins>eight.</ins>" in page
    assert 'name="keep"' in page
    assert LINK in page
    client.post(reverse("publishing:confirm", args=[handed.pk]), {"link": LINK, "keep": "on"})
    handed.refresh_from_db()
    assert handed.is_live


def test_not_live_is_safe_when_the_person_is_wrong(doubtful, operator, outbox):
    publication = doubtful(after=True)
    assert handing_over.denied(publication, by=operator) is False
    drain()
    publication.refresh_from_db()
    assert (publication.state, len(outbox)) == (State.PUBLISHED, 1)
    assert publication.post_id == outbox[0].post_id


def test_not_live_sends_it_again_when_the_person_is_right(doubtful, operator, outbox):
    publication = doubtful(after=False)
    assert handing_over.denied(publication, by=operator) is True
    drain()
    assert len(outbox) == 1


def test_not_live_is_safe_on_the_direct_way_too(publication, page, operator, outbox):
    page.use_direct_way()
    publication.refresh_from_db()
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    publication.refresh_from_db()
    with pytest.raises(handing_over.MayBeLive, match=outbox[0].receipt.permalink):
        handing_over.denied(publication, by=operator)
    drain()
    assert len(outbox) == 1


@pytest.mark.parametrize("way", ["two_step", "direct"])
def test_not_live_is_no_answer_while_the_platform_may_show_it_late(publication, page, operator, outbox, clock, way):
    if way == "direct":
        page.use_direct_way()
        publication.refresh_from_db()
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    outbox[0].live = way == "two_step"
    memory.hidden.add(outbox[0].post_id)
    clock.tick(timedelta(seconds=59))
    with pytest.raises(handing_over.MayBeLive, match="may show it late"):
        handing_over.denied(Publication.objects.get(pk=publication.pk), by=operator)
    drain()
    assert len(outbox) == 1


def test_not_live_on_the_direct_way_sends_it_again_once_nothing_alike_is_listed(publication, page, operator, clock):
    page.use_direct_way()
    publication.refresh_from_db()
    memory.fail_next("commit", LOST)
    publication.publish()
    clock.tick(timedelta(minutes=1))
    assert handing_over.denied(Publication.objects.get(pk=publication.pk), by=operator) is True


def test_what_was_prepared_and_is_not_shown_any_more_may_be_live(doubtful, operator, outbox, clock):
    publication = doubtful(after=True)
    memory.hidden.add(outbox[0].post_id)
    clock.tick(timedelta(days=1))
    with pytest.raises(handing_over.MayBeLive, match="hidden from Sophia"):
        handing_over.denied(publication, by=operator)
    assert handing_over.denied(publication, by=operator, although=True) is True


def test_files_that_cannot_be_read_let_nobody_look(page, author, operator, clock):
    page.use_direct_way()
    publication = make.approved(make.draft(page, author, pictures=[(make.image(), "")]), operator)
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    publication.pictures.get().image.path.unlink()
    clock.tick(timedelta(minutes=1))
    with pytest.raises(handing_over.MayBeLive, match="could not look: the file of image 1"):
        handing_over.denied(Publication.objects.get(pk=publication.pk), by=operator)


def test_a_look_that_failed_is_no_look(doubtful, operator, outbox):
    publication = doubtful(after=True)
    memory.fail_next("find", PlatformError(Kind.RETRY, "Facebook has a fault."))
    with pytest.raises(handing_over.MayBeLive, match="Facebook has a fault"):
        handing_over.denied(publication, by=operator)
    drain()
    publication.refresh_from_db()
    assert (publication.state, len(outbox)) == (State.UNCONFIRMED, 1)


def test_a_look_that_failed_is_no_look_on_the_direct_way_either(publication, page, operator, outbox, clock):
    page.use_direct_way()
    publication.refresh_from_db()
    memory.fail_next("commit", LOST, after=True)
    publication.publish()
    clock.tick(timedelta(minutes=1))
    memory.fail_next("find", PlatformError(Kind.RETRY, "Facebook has a fault."))
    with pytest.raises(handing_over.MayBeLive, match="Facebook has a fault"):
        handing_over.denied(Publication.objects.get(pk=publication.pk), by=operator)
    drain()
    assert len(outbox) == 1


def test_it_is_sent_again_without_a_look_only_if_a_person_says_so(desk, doubtful):
    publication = doubtful(after=False)
    where = reverse("publishing:deny", args=[publication.pk])
    memory.fail_next("find", PlatformError(Kind.RETRY, "Facebook has a fault."))
    answer = desk.post(where)
    assert answer.status_code == 409
    assert "if it is live, it will be there twice" in answer.content.decode()
    memory.fail_next("find", PlatformError(Kind.RETRY, "Facebook has a fault."))
    desk.post(where, {"although": "on"})
    publication.refresh_from_db()
    assert publication.state == State.QUEUED
    assert "although it may be there twice: Sophia could not look" in publication.reason


def test_it_is_live_finds_the_post_by_itself(doubtful, operator, outbox):
    publication = doubtful(after=True)
    handing_over.posted(publication, by=operator, link="")
    assert publication.post_id == outbox[0].post_id


def test_it_is_live_is_taken_on_the_persons_word(doubtful, operator):
    publication = doubtful(after=False)
    handing_over.posted(publication, by=operator, link="")
    assert (publication.state, publication.post_id) == (State.PUBLISHED, "")


def test_a_second_answer_comes_too_late(doubtful, operator):
    publication = doubtful(after=False)
    handing_over.denied(publication, by=operator)
    with pytest.raises(WrongState):
        handing_over.denied(publication, by=operator)
    with pytest.raises(WrongState):
        handing_over.posted(publication, by=operator, link="")


def test_both_buttons_are_there_while_nobody_knows(client, operator, doubtful):
    publication = doubtful(after=False)
    client.force_login(operator)
    page = client.get(publication.get_absolute_url()).content.decode()
    assert "It is live" in page
    assert "It is not live: send it again" in page
    make.behind_the_back(publication, reconcile_at=timezone.now() + timedelta(hours=1))
    assert "Sophia is finding out" in client.get(publication.get_absolute_url()).content.decode()


@pytest.mark.parametrize("host", ["evilfacebook.com", "facebook.com.evil.example", "facebook.example", "xfb.com", ""])
def test_a_host_that_merely_ends_like_facebooks_is_none_of_its(page, host):
    with pytest.raises(Refused, match="no link to Facebook"):
        handing_over.require_link_of(page, f"https://{host}/1001/posts/77")


@pytest.mark.parametrize("host", ["facebook.com", "WWW.facebook.com", "m.facebook.com", "fb.watch"])
def test_a_host_of_facebook_is_one(page, host):
    handing_over.require_link_of(page, f"https://{host}/1001/posts/77")
