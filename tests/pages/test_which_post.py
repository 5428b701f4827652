"""Something is public and nobody knows which post it is: every page bears it, and says so."""

import uuid

import pytest
from django.contrib.auth.models import Permission

from publishing import screens
from publishing.models import Publication
from sophia.notifications.models import Notice
from sophia.refusals import WrongState
from tests import make
from tests.pages.everywhere import lists

LINK = "https://www.facebook.com/1001/posts/77"


@pytest.fixture
def nameless(page, author, operator):
    made = make.approved(make.draft(page, author, text="By hand."), operator, mode="manual")
    made.publish()
    made.confirm_by_hand(by=operator, link=LINK)
    return made


def test_the_first_page_says_what_to_do(desk, nameless):
    shown = desk.get("/").content.decode()
    assert 'href="/queue/?needs=published"><b>1</b>' in shown
    assert "Say which post it is" in shown


def test_every_list_bears_it(desk, nameless, page):
    lists_of_states = [f"/queue/?{name}={state}" for name in ("state", "needs") for state in Publication.State.values]
    for address in [*lists(page), *lists_of_states, "/queue/?needs=any"]:
        assert desk.get(address, follow=True).status_code == 200, address


@pytest.mark.parametrize("state", Publication.State)
def test_the_first_page_bears_whatever_needs_a_person(desk, nameless, publication, state):
    claimed = {"claim_token": uuid.uuid4(), "claimed_until": publication.approved_at}
    make.behind_the_back(publication, state=state, published_at=publication.approved_at, **claimed)
    assert desk.get("/").status_code == 200


def test_a_list_marks_it(desk, nameless, page, author, operator):
    make.published(make.draft(page, author, text="Rolls."), operator)
    assert desk.get("/queue/?state=published").content.decode().count("Which post?") == 1


def shown(browser, publication):
    return browser.get(publication.get_absolute_url()).text


def test_a_link_that_is_not_to_be_seen_yet_is_kept_and_no_alarm(desk, nameless):
    nameless.refresh_from_db()
    assert nameless.permalink == LINK
    notice = Notice.objects.get(kind="publication.unidentified")
    assert not notice.urgent
    assert f"is public at {LINK}, but Sophia does not see it there yet. It looks again by itself." in notice.sentence
    assert "but Sophia does not see it there yet." in shown(desk, nameless)


def test_without_a_link_it_is_an_alarm(publication, operator):
    publication.publish()
    make.behind_the_back(publication, state="unconfirmed", post_id="", permalink="", known_by="")
    publication.confirm_by_hand(by=operator)
    assert Notice.objects.get(kind="publication.unidentified").urgent


def test_what_nobody_asks_about_any_more_can_still_be_named(desk, nameless, operator):
    nameless.leave_unidentified(by=operator, note="Nobody remembers.")
    page = shown(desk, nameless)
    assert "Link to the post" in page
    assert "Nobody knows…" not in page
    assert desk.post(f"/queue/{nameless.pk}/which", {"link": f"{LINK}8"}).status_code == 302
    nameless.refresh_from_db()
    assert (nameless.permalink, nameless.named_by, nameless.is_unidentified) == (f"{LINK}8", operator, True)


def test_a_link_is_kept_only_of_what_is_public(publication, operator):
    make.behind_the_back(publication, state="unconfirmed")
    publication.refresh_from_db()
    with pytest.raises(WrongState):
        publication.keep_link(LINK, by=operator)


def test_who_may_only_look_reads_who_has_to_say(signed_in, viewer, nameless):
    page = shown(signed_in(viewer), nameless)
    assert "Somebody who may operate publications has to say which." in page
    assert "Nobody knows…" not in page
    assert "Choose it here" not in page


def test_who_may_only_take_down_names_what_is_public_and_settles_nothing(nameless, publication):
    remover = make.person("remo", "viewer")
    remover.user_permissions.add(Permission.objects.get(codename="recover_publication"))
    assert screens.possible(nameless, remover) >= {"identify"}
    assert "leave_unidentified" not in screens.possible(nameless, remover)
    make.behind_the_back(publication, state="unconfirmed")
    publication.refresh_from_db()
    assert "identify" not in screens.possible(publication, remover)
