from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from approval.models import Draft
from approval.together import plan
from publishing.models import Pause, Publication
from tests import make

TOGETHER = "/review/together"


@pytest.fixture
def three(page, author):
    return [make.draft(page, author, text=f"Number {number}.") for number in range(3)]


def typed(drafts, **changed):
    shown = {"draft": [draft.pk for draft in drafts]}
    for row in plan(drafts, None, timezone.now()):
        shown |= {f"digest-{row.draft.pk}": row.digest, f"slot-{row.draft.pk}": row.slot.isoformat()}
    return shown | changed


def test_several_are_read_in_one_list_with_their_slots(desk, three, page):
    page.min_gap = timedelta(hours=4)
    page.save()
    shown = desk.get(TOGETHER, {"draft": [draft.pk for draft in three[:2]]}).text
    assert "Number 0." in shown
    assert "Number 2." not in shown
    first, second = plan([Draft.objects.get(pk=draft.pk) for draft in three[:2]], None, timezone.now())
    assert second.slot - first.slot == timedelta(hours=4)


def test_all_of_a_client_are_listed_without_selecting_each(desk, three, page, author):
    make.draft(make.account("facebook", "2002", "Aardvark", "UTC"), author, text="Not this one.")
    shown = desk.get(TOGETHER, {"client": page.client_id}).text
    assert shown.count('name="slot-') == 3


def test_they_are_approved_together_each_in_its_slot(desk, three, page, operator):
    page.min_gap = timedelta(hours=4)
    page.save()
    drafts = [Draft.objects.get(pk=draft.pk) for draft in three]
    answer = desk.post(TOGETHER, typed(drafts))
    slots = list(Publication.objects.order_by("publish_at").values_list("publish_at", flat=True))
    assert answer.status_code == 200
    assert [slots[1] - slots[0], slots[2] - slots[1]] == [timedelta(hours=4)] * 2
    assert answer.text.count("is approved.") == 3
    assert set(Publication.objects.values_list("approved_by", flat=True)) == {operator.pk}


def test_reading_for_a_while_costs_nobody_a_slot(desk, three, page, clock):
    page.min_gap = timedelta(hours=4)
    page.save()
    shown = typed([Draft.objects.get(pk=draft.pk) for draft in three])
    clock.tick(timedelta(minutes=5))
    assert desk.post(TOGETHER, shown).status_code == 200
    assert Publication.objects.count() == 3


def test_one_that_changed_underneath_is_refused_with_the_change_and_the_others_go(desk, three, author):
    shown = typed(three)
    three[1].edit(by=author, text="Number one.", link="", pictures=[], digest=three[1].digest())
    answer = desk.post(TOGETHER, shown)
    assert answer.status_code == 409
    assert "<del>1.</del><ins>one.</ins>" in answer.text
    assert Publication.objects.count() == 2
    three[1].refresh_from_db()
    assert f'name="digest-{three[1].pk}" value="{three[1].digest()}"' in answer.text


def test_a_slot_that_somebody_took_is_refused(desk, three, page, author, operator):
    page.min_gap = timedelta(hours=4)
    page.save()
    shown = typed([Draft.objects.get(pk=three[0].pk)])
    make.approved(make.draft(page, author, text="Quicker."), operator)
    answer = desk.post(TOGETHER, shown)
    assert "Its slot was taken meanwhile" in answer.text
    assert Publication.objects.count() == 1


def test_one_that_was_decided_meanwhile_is_told(desk, three, second_operator):
    shown = typed(three)
    three[0].skip(by=second_operator)
    answer = desk.post(TOGETHER, shown)
    assert "it is skipped by oskar" in answer.text
    assert Publication.objects.count() == 2


@pytest.mark.only_on("sqlite", "postgresql")
def test_a_slot_that_is_no_time_and_a_missing_digest_approve_nothing_wrong(desk, three):
    answer = desk.post(TOGETHER, {"draft": [three[0].pk, "x", "9" * 30], f"slot-{three[0].pk}": "2099-99-99T00:00Z"})
    assert answer.status_code == 409
    assert not Publication.objects.exists()


def test_nothing_selected_goes_back(desk, db):
    assert desk.get(TOGETHER)["Location"] == reverse("approval:review")


def test_of_many_the_first_are_shown_and_the_next_are_a_press_away(desk, three, monkeypatch):
    monkeypatch.setattr("approval.together.MOST", 2)
    shown = desk.get(TOGETHER)
    assert [row.draft.pk for row in shown.context["rows"]] == [draft.pk for draft in three[:2]]
    assert "These are the first 2." in shown.text
    answer = desk.post(TOGETHER, typed([Draft.objects.get(pk=draft.pk) for draft in three[:2]]))
    assert f'href="{TOGETHER}">The next ones' in answer.text
    last = desk.post(TOGETHER, typed([Draft.objects.get(pk=three[2].pk)]))
    assert "The next ones" not in last.text


def test_each_is_told_when_it_goes_out_or_what_holds_it(desk, three, page, author, operator):
    other = make.account("facebook", "2002", "Aardvark", "UTC")
    drafts = [*three, make.draft(other, author, text="Elsewhere.")]
    Pause.objects.start(by=operator, reason="Press incident", account=other)
    answer = desk.post(TOGETHER, typed([Draft.objects.get(pk=draft.pk) for draft in drafts]))
    said = [result.said for result in answer.context["results"]]
    assert ["Press incident" in sentence for sentence in said] == [False, False, False, True]
    assert all(sentence.startswith("It goes out in") for sentence in said[:3])


def test_more_results_ask_the_gates_no_more_often(desk, page, author):
    def asked(count):
        drafts = [make.draft(page, author, text=f"Of {count}, {number}.") for number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            desk.post(TOGETHER, typed([Draft.objects.get(pk=draft.pk) for draft in drafts]))
        return sum('FROM "publishing_pause"' in query["sql"] for query in queries)

    assert asked(2) == asked(6)


def test_an_author_may_not(signed_in, author, three):
    assert signed_in(author).post(TOGETHER, typed(three)).status_code == 403
    assert "Together" not in signed_in(author).get(three[0].get_absolute_url()).text


def test_a_longer_list_takes_no_more_queries(desk, page, author, queries_of):
    def of(count):
        for number in range(Draft.objects.count(), count):
            make.draft(page, author, text=f"Number {number}.", pictures=[(make.image(), "A")])
        return queries_of(desk, f"{TOGETHER}?client={page.client_id}")

    assert of(3) == of(30)


def test_with_a_cadence_a_longer_list_takes_no_more_queries_either(desk, page, author, queries_of):
    page.min_gap = timedelta(hours=1)
    page.save()

    def of(count):
        while Draft.objects.count() < count:
            make.draft(page, author)
        return queries_of(desk, f"{TOGETHER}?client={page.client_id}")

    assert of(3) == of(9)


def test_a_full_list_is_no_heavy_page(desk, page, author):
    for number in range(45):
        make.draft(page, author, text=f"Number {number}. " * 20, pictures=[(make.image(), "A")])
    shown = desk.get(f"{TOGETHER}?client={page.client_id}")
    assert "These are the first 25." in shown.text
    assert len(shown.content) < 100_000


def test_posts_before_and_within_the_hour_are_said_in_the_list(desk, three, page, author, operator):
    make.published(make.draft(page, author, text=three[1].text), operator)
    shown = desk.get(TOGETHER, {"draft": [draft.pk for draft in three]}).text
    assert shown.count("The same text went out on this account:") == 1
    assert shown.count("Another post of the account lies less than a minute away:") == 3
    assert shown.count("Another one of this list goes out within the hour") == 2
