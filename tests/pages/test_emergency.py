# ruff: noqa: F401, F811
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from publishing.models import Emergency, Pause, Publication, Recovery
from publishing.platforms import memory
from tests import make
from tests.settling import settle
from tests.shared import author, clock, laid_out, once, operator, page

PAGE = reverse("publishing:emergencies")
START = reverse("publishing:start_emergency")


@pytest.fixture(scope="module", autouse=True)
def three(once):
    """Posts that are out, ten minutes apart."""
    with once.making() as clock:
        once.staff()
        for number in range(3):
            make.published(make.draft(once.page, once.author, text=f"Post {number}."), once.operator)
            clock.tick(timedelta(minutes=10))


@pytest.fixture(autouse=True)
def posts(three, clock):
    return list(Publication.objects.order_by("pk"))


def look(browser, page, **typed):
    return browser.get(PAGE, {"client": page.client_id, "span": "24"} | typed)


def confirm(browser, page, **typed):
    """As the form of the preview is posted."""
    shown = look(browser, page).context
    hidden = {
        "client": page.client_id,
        "since": shown["scope"].since.isoformat(),
        "key": shown["confirm"]["key"].value(),
    }
    return browser.post(START, hidden | {"name": "Café Lua", "reason": "Wrong prices", "pause": "on"} | typed)


def test_the_way_there_is_on_the_first_page_and_on_the_pause_page(desk, signed_in, viewer):
    assert PAGE in desk.get("/").content.decode()
    assert PAGE in desk.get("/pause/").content.decode()
    assert PAGE not in signed_in(viewer).get("/").content.decode()


def test_looking_lists_exactly_the_posts_and_changes_nothing(desk, page, posts):
    assert list(look(desk, page).context["posts"]) == posts[::-1]
    assert not Emergency.objects.exists()


def test_since_a_time_is_read_on_the_clients_clock(desk, page, posts):
    since = page.local(timezone.now() - timedelta(minutes=15))
    answer = look(desk, page, span="at", since=f"{since:%Y-%m-%dT%H:%M}")
    assert list(answer.context["posts"]) == posts[2:]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"client": "999"}, "Select a valid choice"),
        ({"span": "at"}, "Choose a day and a time."),
        ({"span": "at", "since": "2099-01-01T10:00"}, "lies ahead"),
    ],
)
def test_what_cannot_be_looked_at_is_said(desk, page, typed, said):
    answer = look(desk, page, **typed)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_the_confirmation_takes_down_pauses_and_shows_progress(desk, page, posts, outbox, clock):
    answer = confirm(desk, page)
    emergency = Emergency.objects.get()
    assert answer["Location"] == emergency.get_absolute_url()
    assert "0 of 3 proved gone" in desk.get(emergency.get_absolute_url()).content.decode()
    settle(clock)
    shown = desk.get(emergency.get_absolute_url()).content.decode()
    assert "3 of 3 proved gone." in shown
    assert all(post.get_absolute_url() in shown for post in posts)
    assert Pause.objects.in_force().get().client == page.client


def test_without_the_tick_the_client_is_not_paused(desk, page, posts):
    confirm(desk, page, pause="")
    assert not Pause.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "Cafe Lua"}, "Type the client’s name exactly"),
        ({"name": ""}, "Type the client’s name exactly"),
        ({"reason": " "}, "Say why"),
        ({"key": "x"}, "Enter a valid UUID"),
    ],
)
def test_a_confirmation_that_is_not_one_changes_nothing_and_keeps_what_was_typed(desk, page, posts, typed, said):
    answer = confirm(desk, page, **({"pause": ""} | typed))
    shown = answer.content.decode().replace("&#x27;", "’")
    assert (answer.status_code, said in shown) == (422, True)
    assert 'name="pause" checked' not in shown
    assert not Emergency.objects.exists()


def test_a_double_click_is_one(desk, page, posts):
    shown = look(desk, page).context
    typed = {"since": shown["scope"].since.isoformat(), "key": shown["confirm"]["key"].value()}
    assert confirm(desk, page, **typed)["Location"] == confirm(desk, page, **typed)["Location"]
    assert Emergency.objects.count() == 1


@pytest.mark.parametrize("name", ["author", "viewer"])
def test_who_may_not_sees_the_list_and_no_button(signed_in, page, posts, name, request):
    browser = signed_in(request.getfixturevalue(name))
    assert "Take everything down" not in look(browser, page).content.decode()
    assert confirm(browser, page).status_code == 403


def test_nothing_to_take_down_is_said(desk):
    other = make.account("facebook", "2002", client="Padaria Sol")
    assert "Nothing that Sophia published" in look(desk, other).content.decode()
    answer = confirm(desk, other, name="Padaria Sol")
    assert (answer.status_code, "Nothing of Padaria Sol" in answer.content.decode()) == (422, True)


def test_what_is_with_the_platform_is_listed_apart(desk, page, posts, author, operator):
    going = make.approved(make.draft(page, author, text="Going."), operator)
    going.claim()
    shown = look(desk, page)
    assert list(shown.context["on_their_way"]) == [going]
    assert "These cannot be taken down yet." in shown.content.decode()


def test_what_comes_down_already_is_marked(desk, page, posts, operator):
    posts[0].recover(by=operator, reason="x")
    assert look(desk, page).content.decode().count("Coming down already") == 1


def test_each_post_that_needs_a_person_says_what_to_do_and_all_are_tried_again(desk, page, posts, clock):
    memory.by_hand.add(posts[1].post_id)
    confirm(desk, page)
    emergency = Emergency.objects.get()
    settle(clock)
    shown = desk.get(emergency.get_absolute_url()).content.decode()
    assert "2 of 3 proved gone." in shown
    assert posts[1].permalink in shown
    assert "follow the steps on its page" in shown
    memory.by_hand.clear()
    desk.post(reverse("publishing:emergency_again", args=[emergency.pk]))
    settle(clock)
    assert "3 of 3 proved gone." in desk.get(emergency.get_absolute_url()).content.decode()


def test_photos_that_stayed_are_told_with_their_links(desk, page, posts, clock):
    confirm(desk, page)
    settle(clock)
    [recovery, *_] = Recovery.objects.all()
    photo = {"id": "77", "link": "https://www.facebook.com/77", "because": "Facebook does not allow it."}
    make.behind_the_back(recovery, photos_left=[photo], note="Remove them by hand: https://www.facebook.com/77")
    emergency = Emergency.objects.get()
    assert f"but photos are left of publication {recovery.publication_id}" in emergency.tally().sentence
    assert "https://www.facebook.com/77" in desk.get(emergency.get_absolute_url()).content.decode()
    assert "not all of its photos are" in desk.get(recovery.publication.get_absolute_url()).content.decode()


def test_one_whose_posts_a_later_one_has_is_not_called_all_gone(desk, page, posts, clock):
    confirm(desk, page)
    confirm(desk, page)
    settle(clock)
    shown = desk.get(PAGE).content.decode()
    assert (shown.count("All gone"), "0 of 0 gone" in shown) == (1, True)


def test_earlier_ones_are_listed_with_their_counts(desk, page, posts, clock):
    confirm(desk, page)
    settle(clock)
    assert "3 of 3 gone" in desk.get(PAGE).content.decode()


def test_more_posts_ask_the_database_no_more(desk, page, posts, author, operator, queries_of, clock):
    address = f"{PAGE}?client={page.client_id}&span=24"
    few = queries_of(desk, address)
    for _ in range(3):
        make.published(make.draft(page, author), operator)
    assert queries_of(desk, address) <= few
    confirm(desk, page)
    emergency = Emergency.objects.get()
    few = queries_of(desk, emergency.get_absolute_url())
    settle(clock)
    assert queries_of(desk, emergency.get_absolute_url()) <= few
