from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make


@pytest.fixture
def out(draft, operator):
    return make.published(draft, operator)


@pytest.fixture
def page_after(desk, out):
    """The page of the publication after so many looks."""

    def show(looks=1):
        for _ in range(looks):
            make.behind_the_back(out, watch_at=timezone.now())
            out.watch()
        return desk.get(out.get_absolute_url()).content.decode()

    return show


def test_the_page_says_when_it_was_last_seen_live(page_after):
    assert "not looked at yet" in page_after(0)
    shown = page_after()
    assert "Last seen live" in shown
    assert "not looked at yet" not in shown
    assert "there, as it was approved" in shown


def test_a_take_down_that_saw_it_live_counts_too(desk, out, operator):
    out.recover(by=operator, reason="Wrong price").execute()
    shown = desk.get(out.get_absolute_url()).content.decode()
    assert "not looked at yet" not in shown
    assert shown.count("<dt>Last seen live</dt>") == 1


def test_what_may_be_gone_is_looked_at_once_more_before_it_is_said(page_after, outbox):
    outbox[0].live = False
    shown = page_after()
    assert "Not found at the last look" in shown
    assert "no longer to be seen" not in shown


def test_a_vanished_post_says_what_to_do(page_after, outbox):
    outbox[0].live = False
    shown = page_after(2)
    assert "It is no longer to be seen." in shown
    assert "Take down…" in shown


def test_another_text_is_shown_beside_what_was_approved(page_after, outbox):
    outbox[0].edited = "Fresh <b>bread</b> at eight."
    shown = page_after()
    assert "Its text is not the one that was approved." in shown
    assert "<ins>&lt;b&gt;bread&lt;/b&gt;</ins>" in shown
    assert "<del>seven.</del>" in shown


def test_a_look_that_waits_for_its_account_is_no_time_in_the_past(page_after, out):
    make.behind_the_back(out, watch_at=timezone.now() - timedelta(days=2))
    assert "as soon as Café Lua facebook on Facebook can spare the calls" in page_after(0)


def test_nobody_looks_while_it_is_taken_down(page_after, out, operator):
    out.recover(by=operator, reason="Wrong price", urgency="review")
    assert "Looks again" not in page_after(0)


def test_a_post_without_an_id_says_that_it_is_not_watched(desk, draft, operator):
    by_hand = make.approved(draft, operator, mode="manual")
    by_hand.publish()
    by_hand.confirm_by_hand(by=operator, link="https://facebook.com/77")
    assert "Until then Sophia cannot watch it" in desk.get(by_hand.get_absolute_url()).content.decode()
    by_hand.leave_unidentified(by=operator, note="Nobody remembers.")
    shown = desk.get(by_hand.get_absolute_url()).content.decode()
    assert "cannot look whether it is still there" in shown
    assert "Looks again" not in shown


def test_what_never_went_out_is_not_looked_at(desk, draft, operator):
    later = make.approved(draft, operator, at=timezone.now() + timedelta(hours=3))
    assert "Last seen live" not in desk.get(later.get_absolute_url()).content.decode()
