from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from tests import make
from tests.draining import carry_out


def post(browser, publication, verb, **typed):
    answer = browser.post(reverse(f"publishing:{verb}", args=[publication.pk]), typed)
    publication.refresh_from_db()
    return answer


@pytest.fixture
def out(draft, operator):
    return make.published(draft, operator)


@pytest.fixture
def later(draft, operator):
    return make.approved(draft, operator, at=timezone.now() + timedelta(hours=3))


@pytest.fixture
def failed(publication):
    memory.fail_next("prepare", PlatformError(Kind.REJECTED, "The image is too small.", code=100, trace_id="T1"))
    publication.publish()
    publication.refresh_from_db()
    return publication


@pytest.fixture
def doubtful(publication):
    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."), after=True)
    publication.publish()
    make.behind_the_back(publication, reconcile_at=None)
    publication.refresh_from_db()
    return publication


def test_cancelling_stops_it(desk, later):
    assert post(desk, later, "cancel").status_code == 302
    assert later.is_cancelled


def test_cancelling_what_is_out_says_what_to_do_instead(desk, out):
    answer = post(desk, out, "cancel")
    assert answer.status_code == 409
    assert "Take it down instead." in answer.content.decode()


def test_moving_it_reads_the_time_on_the_clients_clock(desk, later):
    post(desk, later, "reschedule", when="at", at="2099-07-01T10:00", although="A test.")
    assert later.publish_at.isoformat() == "2099-07-01T09:00:00+00:00"


def test_moving_it_to_nowhere_asks_for_a_time(desk, later):
    answer = post(desk, later, "reschedule", when="at")
    assert answer.status_code == 422
    assert "Choose a day and a time." in answer.content.decode()


def test_a_failed_one_says_why_and_is_sent_again(desk, failed):
    page = desk.get(failed.get_absolute_url()).content.decode()
    assert "The image is too small." in page
    assert "T1" in page
    post(desk, failed, "retry")
    failed.publish()
    failed.refresh_from_db()
    assert failed.is_live


def test_a_person_says_that_a_doubtful_one_is_live(desk, doubtful):
    assert "It is not live" in desk.get(doubtful.get_absolute_url()).content.decode()
    post(desk, doubtful, "confirm", link="https://facebook.com/1")
    assert (doubtful.is_live, doubtful.permalink) == (True, "https://facebook.com/1")


def test_a_person_says_that_a_doubtful_one_is_not_live(desk, doubtful):
    post(desk, doubtful, "deny")
    assert not doubtful.needs_a_person


def test_a_link_that_is_none_is_not_taken(desk, doubtful):
    answer = post(desk, doubtful, "confirm", link="javascript:alert(1)")
    assert answer.status_code == 422
    assert not doubtful.is_live


def test_a_handoff_has_text_and_images_to_take_along(desk, page, author, operator):
    draft = make.draft(page, author, pictures=[(make.image(), "Teal")])
    publication = make.approved(draft, operator, mode="manual")
    publication.publish()
    shown = desk.get(publication.get_absolute_url()).content.decode()
    assert "I posted it" in shown
    assert f"?name=publication-{publication.pk}-image-1" in shown


def test_taking_down_needs_a_reason_and_a_tick(desk, out):
    assert post(desk, out, "recover", reason="Typo", urgency="immediate").status_code == 422
    answer = post(desk, out, "recover", reason=" ", urgency="immediate", sure="on")
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert not out.recoveries.exists()


def test_taking_down_is_shown_until_it_is_proved(desk, out):
    post(desk, out, "recover", reason="Typo", urgency="immediate", sure="on")
    assert "Being taken down…" in desk.get(out.get_absolute_url()).content.decode()
    carry_out(out.recoveries.get())
    page = desk.get(out.get_absolute_url()).content.decode()
    assert "Being taken down…" not in page
    assert "Recovered" in page
    assert "Evidence" in page


def test_a_clock_runs_and_the_step_is_named_while_it_is_taken_down(desk, out, operator):
    recovery = out.recover(by=operator, reason="Typo")
    recovery.execute()
    page = desk.get(out.get_absolute_url()).text
    assert f'<time class="elapsed" datetime="{recovery.began_at.isoformat()}">0:0' in page
    assert "has shown it as gone 1 of 3 times" in page
    assert "elapsed.js" in page


def test_a_failed_takedown_says_when_it_is_tried_again(desk, out, operator):
    memory.fail_next("remove", PlatformError(Kind.RETRY, "Facebook is down."))
    out.recover(by=operator, reason="Typo").execute()
    page = desk.get(out.get_absolute_url()).text
    assert "It is not proved gone." in page
    assert "Facebook is down." in page
    assert "Sophia tries again by itself at" in page


def test_a_second_click_on_take_down_is_answered_clearly(desk, out, operator):
    out.recover(by=operator, reason="Typo").execute()
    answer = post(desk, out, "recover", reason="Typo", urgency="immediate", sure="on")
    assert "is being taken down already" in desk.get(answer.url).text


def test_what_a_person_must_remove_says_when_sophia_looks(desk, out, operator):
    memory.by_hand.add(out.post_id)
    out.recover(by=operator, reason="Typo").execute()
    page = desk.get(out.get_absolute_url()).text
    assert "Sophia looks whether it is gone, next at" in page
    assert "Last seen live" in page


def test_a_takedown_filed_for_review_can_be_executed(desk, out, operator):
    post(desk, out, "recover", reason="Typo", urgency="review", sure="on")
    page = desk.get(out.get_absolute_url()).content.decode()
    assert "Take it down now" in page
    post(desk, out, "recover", reason="Typo", urgency="immediate", sure="on")
    assert out.recoveries.get().executed_by == operator


def test_a_takedown_filed_for_review_can_be_dismissed(desk, out):
    post(desk, out, "recover", reason="Typo", urgency="review", sure="on")
    recovery = out.recoveries.get()
    address = reverse("publishing:dismiss", args=[recovery.pk])
    assert desk.post(address, {"note": ""}).status_code == 422
    assert desk.post(address, {"note": "It is right."}).status_code == 302
    recovery.refresh_from_db()
    assert not recovery.is_open


def test_a_post_that_only_a_person_can_remove_says_how(desk, out, operator):
    memory.by_hand.add(out.post_id)
    out.recover(by=operator, reason="Typo")
    out.recoveries.get().execute()
    page = desk.get(out.get_absolute_url()).content.decode()
    assert "A person must remove it." in page
    assert "Look again" in page
    assert out.permalink in page


def test_an_author_may_not_cancel(signed_in, author, later):
    answer = post(signed_in(author), later, "cancel")
    assert answer.status_code == 403
    assert not later.is_cancelled


def test_the_gates_say_what_holds_it(desk, later, operator):
    assert "Nothing holds it" in desk.get(later.get_absolute_url()).content.decode()
    later.account.hold("The token has expired.")
    assert "The token has expired." in desk.get(later.get_absolute_url()).content.decode()


def test_a_seal_that_does_not_fit_is_said(desk, later):
    make.behind_the_back(later, text="Something else")
    assert "The seal does not fit." in desk.get(later.get_absolute_url()).content.decode()


def test_a_number_on_the_first_page_leads_to_exactly_those_rows(desk, failed, page, author, operator):
    make.approved(make.draft(page, author, text="Not this one."), operator)
    assert "/queue/?needs=failed" in desk.get("/").content.decode()
    listed = desk.get("/queue/?needs=failed").content.decode()
    assert "Fresh bread" in listed
    assert "Not this one." not in listed


def test_states_and_clients_are_filters(desk, later):
    assert "Fresh bread" in desk.get(f"/queue/?state=queued&client={later.account.client_id}").content.decode()
    assert "Fresh bread" not in desk.get("/queue/?state=published").content.decode()
    assert "Fresh bread" not in desk.get("/queue/?client=999").content.decode()


def test_long_lists_have_pages(desk, page, author, operator):
    for number in range(51):
        make.approved(
            make.draft(page, author, text=f"Number {number}."), operator, at=timezone.now() + timedelta(days=1)
        )
    assert "Page 1 of 2" in desk.get("/queue/?state=queued").content.decode()
    assert "Number 0." in desk.get("/queue/?state=queued&page=2").content.decode()


def test_a_longer_queue_takes_no_more_queries(desk, page, author, operator, queries_of):
    def queue_one(number):
        draft = make.draft(page, author, text=f"Number {number}.", pictures=[(make.image(), "A")])
        return make.approved(draft, operator, at=timezone.now() + timedelta(hours=number + 1))

    queue_one(0)
    make.published(make.draft(page, author, pictures=[(make.image(), "A")]), operator)
    few = queries_of(desk, "/queue/"), queries_of(desk, "/")
    for number in range(1, 20):
        queue_one(number)
    make.published(make.draft(page, author, pictures=[(make.image(), "A")]), operator)
    assert (queries_of(desk, "/queue/"), queries_of(desk, "/")) == few


@pytest.mark.only_on("sqlite", "postgresql")
def test_a_note_that_is_not_text_is_refused(desk, out, operator):
    recovery = out.recover(by=operator, reason="Wrong price", urgency="review")
    answer = desk.post(reverse("publishing:dismiss", args=[recovery.pk]), {"note": "a\0b"})
    assert answer.status_code == 422
    assert "Null characters" in answer.text


@pytest.mark.only_on("sqlite", "postgresql")
def test_moving_it_beyond_the_horizon_is_refused(desk, later):
    answer = post(desk, later, "reschedule", when="at", at="9999-12-31T23:59")
    assert answer.status_code == 422
    assert "is too far away" in answer.text


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize("address", ["/images/%00", "/images/" + "g" * 64, f"/queue/{'9' * 5000}/"])
def test_what_cannot_be_is_not_found(desk, address):
    assert desk.get(address).status_code == 404


def test_a_post_that_sophia_cannot_look_at_is_gone_when_a_person_saw_it(desk, draft, operator):
    publication = make.approved(draft, operator, mode="manual")
    publication.publish()
    publication.confirm_by_hand(by=operator, link="https://facebook.example/1")
    publication.recover(by=operator, reason="Wrong price").execute()
    shown = desk.get(publication.get_absolute_url()).text
    assert "I saw that it is gone" in shown
    assert "Then say on its page in Sophia that you saw it gone" in shown
    assert ("Sophia notices by itself" in shown, "Look again" in shown) == (False, False)
    desk.post(reverse("publishing:gone", args=[publication.pk]), {"note": "Deleted on my phone."})
    publication.refresh_from_db()
    assert publication.get_state_display() == "recovered"
    shown = desk.get(publication.get_absolute_url()).text
    assert ("See it live" in shown, "Where it was" in shown) == (False, True)
