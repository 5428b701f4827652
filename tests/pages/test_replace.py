import pytest
from django.urls import reverse

from approval.models import Draft
from tests import make
from tests.draining import carry_out


@pytest.fixture
def recovery(draft, operator):
    return make.published(draft, operator).recover(by=operator, reason="Wrong price")


def press(browser, recovery):
    return browser.post(reverse("approval:replace", args=[recovery.pk]))


def read(browser, thing):
    return browser.get(thing.get_absolute_url()).content.decode()


def test_the_button_leads_to_the_editor_and_pressed_again_to_the_same(desk, recovery):
    assert "Write a replacement" in read(desk, recovery.publication)
    first = press(desk, recovery)
    assert first["Location"] == reverse("approval:edit", args=[Draft.objects.get(replaces=recovery).pk])
    assert press(desk, recovery)["Location"] == first["Location"]


def test_each_page_links_to_the_other(desk, recovery):
    press(desk, recovery)
    draft = Draft.objects.get(replaces=recovery)
    page = read(desk, draft)
    assert recovery.publication.get_absolute_url() in page
    assert "is not proved gone yet, because: Wrong price" in page
    page = read(desk, recovery.publication)
    assert draft.get_absolute_url() in page
    assert "Write a replacement" not in page


def test_the_draft_says_when_what_it_replaces_is_gone(desk, recovery):
    press(desk, recovery)
    carry_out(recovery)
    assert "taken down because: Wrong price" in read(desk, Draft.objects.get(replaces=recovery))


def test_the_draft_says_that_what_it_was_to_replace_stays_up(desk, recovery, operator):
    press(desk, recovery)
    recovery.refresh_from_db()
    recovery.dismiss(by=operator, note="The price is right.")
    draft = Draft.objects.get(replaces=recovery)
    assert "stays up:" in read(desk, draft)
    assert "The price is right." in read(desk, draft)
    assert draft.get_absolute_url() in read(desk, recovery.publication)


def test_the_reviewer_is_warned_while_it_still_says_the_same(desk, recovery, operator):
    press(desk, recovery)
    draft = Draft.objects.get(replaces=recovery)
    assert "still the same as what was taken down" in read(desk, draft)
    draft.edit(by=operator, text="Another price.", link="", pictures=[], digest=draft.digest())
    assert "still the same as what was taken down" not in read(desk, draft)


def test_it_is_offered_of_what_came_down_and_of_nothing_else(desk, recovery, page):
    recovery.execute()
    assert "Write a replacement" in read(desk, recovery.publication)
    other = make.approved(make.draft(page, None, text="Other"), recovery.requested_by)
    assert "Write a replacement" not in read(desk, other)


def test_a_viewer_is_not_offered_it(signed_in, viewer, recovery):
    assert "Write a replacement" not in read(signed_in(viewer), recovery.publication)
    assert press(signed_in(viewer), recovery).status_code == 403


def test_what_stays_up_is_not_replaced_and_says_so(desk, draft, operator):
    recovery = make.published(draft, operator).recover(by=operator, reason="x", urgency="review")
    recovery.dismiss(by=operator, note="Fine.")
    page = desk.post(reverse("approval:replace", args=[recovery.pk]), follow=True).content.decode()
    assert "was dismissed" in page
    assert not Draft.objects.filter(replaces=recovery).exists()
