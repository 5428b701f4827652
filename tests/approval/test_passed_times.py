"""A time that was suggested and has passed is no answer to when a post goes out, at any door."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approval.suggesting import TimePassed
from publishing.models import Publication
from publishing.models.queue import FarAhead
from tests import make
from tests.commands.conftest import command  # noqa: F401

AGO = timedelta(days=3)


@pytest.fixture
def late(page, author):
    return make.draft(page, author, suggested_at=timezone.now() - AGO)


@pytest.fixture
def nothing_went(late):
    yield
    late.refresh_from_db()
    assert late.state == late.State.IN_REVIEW
    assert not Publication.objects.exists()


def approving(desk, draft, **typed):
    return desk.post(reverse("approval:approve", args=[draft.pk]), {"digest": draft.digest(), **typed})


def test_the_verb_refuses_to_guess(late, operator, nothing_went):
    with pytest.raises(
        TimePassed, match=r"Its suggested time, .* Europe/Lisbon, has passed\. Choose when it goes out\."
    ):
        late.approve(by=operator, digest=late.digest())


def test_a_time_that_passed_within_the_minute_is_now(page, author, operator):
    draft = make.draft(page, author, suggested_at=timezone.now() - timedelta(seconds=30))
    draft.approve(by=operator, digest=draft.digest())
    assert draft.publication


def test_somebody_who_chooses_a_time_approves(late, operator):
    late.approve(by=operator, digest=late.digest(), at=timezone.now())
    assert late.publication


def test_the_review_page_has_nothing_chosen_and_wants_a_choice(desk, late):
    page = desk.get(late.get_absolute_url()).text
    assert "has passed. Choose when it goes out." in page
    assert 'value="now" required>' in page
    assert 'value="suggested"' not in page
    assert "checked" not in page.partition('name="when"')[2].partition("</fieldset>")[0]


@pytest.mark.parametrize("typed", [{}, {"when": "suggested"}])
def test_a_form_without_a_choice_is_refused(desk, late, typed, nothing_went):
    answer = approving(desk, late, **typed)
    assert answer.status_code in {409, 422}
    assert "hoose when it goes out" in answer.text


def test_together_leaves_it_out_and_says_so(desk, late, nothing_went):
    page = desk.get(reverse("approval:together")).text
    assert f'value="{late.pk}" disabled' in page
    assert "Look at it alone and choose another one." in page


def test_together_refuses_one_whose_time_passed_while_the_list_was_read(desk, late, nothing_went):
    slot = (timezone.now() + timedelta(seconds=5)).isoformat()
    typed = {"draft": late.pk, f"digest-{late.pk}": late.digest(), f"slot-{late.pk}": slot}
    answer = desk.post(reverse("approval:together"), typed)
    assert answer.status_code == 409
    assert "has passed" in answer.text


def test_the_admin_refuses_to_guess(boss, signed_in, late, nothing_went):
    typed = {"action": "approve", "_selected_action": late.pk, f"digest-{late.pk}": late.digest(), "mode": "auto"}
    answer = signed_in(boss).post(reverse("admin:approval_draft_changelist"), typed | {"confirmed": "yes"}, follow=True)
    assert "has passed" in answer.text


def test_more_than_a_year_ahead_is_asked_about(draft, operator):
    far = timezone.now() + timedelta(days=400)
    with pytest.raises(FarAhead, match=rf"{far.year} .* is more than a year ahead"):
        draft.approve(by=operator, digest=draft.digest(), at=far)
    draft.refresh_from_db()
    draft.approve(by=operator, digest=draft.digest(), at=far, although="The centenary.")
    assert draft.decisions.last().note == "The centenary."


def test_the_review_page_asks_for_the_reason_of_a_far_time(desk, draft):
    typed = {"when": "at", "at": "2062-06-01T09:00"}
    assert 'name="although"' in approving(desk, draft, **typed).text
    assert approving(desk, draft, **typed, although="The centenary.").status_code == 302


def test_so_does_moving_a_publication(desk, publication):
    address, typed = reverse("publishing:reschedule", args=[publication.pk]), {"when": "at", "at": "2062-06-01T09:00"}
    assert 'name="although"' in desk.post(address, typed).text
    desk.post(address, typed | {"although": "The centenary."})
    publication.refresh_from_db()
    assert publication.publish_at.year == 2062
    assert "The centenary." in publication.reason


@pytest.fixture
def first_of_two(late):
    make.behind_the_back(late.account.client, approval_rule="two")
    late.account.client.refresh_from_db()
    return late


def test_the_first_of_two_needs_no_time_on_the_page(desk, first_of_two, nothing_went):
    page = desk.get(first_of_two.get_absolute_url()).text
    assert "Choose when it goes out." not in page
    assert 'value="now" checked>' in page
    assert approving(desk, first_of_two, when="now").status_code == 302
    assert first_of_two.agreement


def test_nor_together_with_others(desk, first_of_two, nothing_went):
    pk = first_of_two.pk
    page = desk.get(reverse("approval:together"), {"draft": pk}).text
    assert "Look at it alone and choose another one." not in page
    assert "when somebody has chosen a time" in page
    desk.post(reverse("approval:together"), {"draft": pk, f"digest-{pk}": first_of_two.digest()})
    assert first_of_two.agreement


def test_nor_by_command(command, first_of_two, operator, nothing_went):  # noqa: F811
    assert command("approve", str(first_of_two.pk), "--by", "olga").code == 0


def test_the_second_of_two_chooses_the_time(first_of_two, operator, second_operator, nothing_went):
    first_of_two.approve(by=operator, digest=first_of_two.digest())
    with pytest.raises(TimePassed):
        first_of_two.approve(by=second_operator, digest=first_of_two.digest())


def test_the_client_reads_who_chooses_the_time(client, first_of_two, operator):
    _, start = make.client_link(first_of_two.account.client, operator, approving=True)
    page = client.get(f"{start}{first_of_two.pk}/").text
    assert "Another person approves it after you and chooses the time." in page
    assert "Approved, it goes out" not in page


def test_a_client_whose_post_is_late_is_asked_for_an_answer(client, late, operator):
    _, start = make.client_link(late.account.client, operator, approving=True)
    page = client.get(f"{start}{late.pk}/").text
    assert "so it cannot be approved here. If you agree with it, write that below" in page
    assert "Your answer" in page


def test_together_says_where_a_reason_for_a_far_time_is_given(desk, page, author):
    far = timezone.now() + timedelta(days=500)
    draft = make.draft(page, author, suggested_at=far)
    typed = {"draft": draft.pk, f"digest-{draft.pk}": draft.digest(), f"slot-{draft.pk}": far.isoformat()}
    assert "Open it alone and give the reason there." in desk.post(reverse("approval:together"), typed).text


def test_the_calendar_says_so_too(desk, publication):
    typed = {"at": f"{timezone.now() + timedelta(days=500):%Y-%m-%dT%H:%M}"}
    answer = desk.post(reverse("calendar:move", args=[publication.pk]), typed)
    assert (answer.status_code, "If you mean it, say why." in answer.text) == (422, True)
    told = desk.get(reverse("calendar:slot", args=[publication.pk]), typed).json()
    assert told["because"] == FarAhead.ALONE


def test_the_first_page_tells_what_is_still_in_review_shortly_before_its_time(desk, page, author):
    for text, hours in (("Soup.", 5), ("Bowls.", 30), ("Plates.", -5)):
        make.draft(page, author, text=text, suggested_at=timezone.now() + timedelta(hours=hours))
    shown = desk.get("/").text.partition('id="running-out"')[2].partition("</ul>")[0]
    assert [text in shown for text in ("Soup.", "Bowls.", "Plates.")] == [True, False, True]
    assert "Its suggested time passes soon, and nobody has approved it." in shown
    assert "Its suggested time has passed: whoever approves it chooses another one." in shown


def test_the_page_goes_by_the_suggested_time_that_was_on_the_screen(desk, page, author):
    first = timezone.now() + AGO
    draft = make.draft(page, author, suggested_at=first)
    assert f'name="slot_suggested" value="{first.isoformat()}"' in desk.get(draft.get_absolute_url()).text
    other = {"text": draft.text, "link": "", "pictures": [], "digest": draft.digest()}
    draft.edit(by=author, **other, suggested_at=first + AGO)
    approving(desk, draft, when="suggested", slot_suggested=first.isoformat())
    assert Publication.objects.get().publish_at == first


def test_an_import_tells_of_times_that_have_passed(command, page):  # noqa: F811
    lines = b'{"account": "facebook:1001", "text": "Soup.", "suggested_at": "2025-12-14T07:00"}'
    lines += b'\n{"account": "facebook:1001", "text": "Bowls.", "suggested_at": "2030-12-14T07:00"}'
    answer = command("import_drafts", "-", "--json", stdin=lines)
    assert (answer.code, [one["line"] for one in answer.json["warnings"]]) == (0, [1])
    assert "2025 07:00 Europe/Lisbon, has passed. Whoever approves it chooses" in answer.json["warnings"][0]["warning"]
