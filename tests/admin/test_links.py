"""From the pages to the admin and back, and what an action lists before it is confirmed."""

import pytest
from django.urls import reverse

from approval.models import Decision
from publishing.models import Attempt, Recovery
from tests import make

pytestmark = pytest.mark.django_db


def change(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def test_who_may_see_the_admin_gets_there_from_the_page(signed_in, viewer, author, draft, publication):
    for row in (draft, publication):
        assert change(row) in signed_in(viewer).get(row.get_absolute_url()).content.decode()
        assert change(row) not in signed_in(author).get(row.get_absolute_url()).content.decode()


def test_each_row_of_the_admin_leads_to_its_page(desk, draft, operator):
    out = make.published(draft, operator)
    out.recover(by=operator, reason="x", urgency="review")
    for row, page in (
        (out, out),
        (Attempt.objects.first(), out),
        (Recovery.objects.first(), out),
        (draft, draft),
        (Decision.objects.first(), draft),
    ):
        assert page.get_absolute_url() in desk.get(change(row), follow=True).content.decode()


def test_an_action_lists_what_it_will_happen_to_before_anything_does(desk, publication):
    asked = {"action": "cancel", "_selected_action": [publication.pk]}
    shown = desk.post(reverse("admin:publishing_publication_changelist"), asked).content.decode()
    assert publication.local_time() in shown
    assert publication.text in shown
    publication.refresh_from_db()
    assert not publication.is_cancelled


def test_a_desk_without_accounts_says_what_to_do_first(signed_in, operator):
    assert "No account is connected yet" in signed_in(operator).get("/").content.decode()
