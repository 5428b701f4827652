from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from publishing.models import Pause
from tests import make


def start(browser, **typed):
    return browser.post(reverse("publishing:start_pause"), {"scope": "everything", "reason": "Press incident"} | typed)


def test_a_pause_stands_on_every_page(desk, draft):
    start(desk)
    for address in ["/", draft.get_absolute_url(), "/queue/", "/pause/"]:
        page = desk.get(address).content.decode()
        assert "Everything is paused. Nothing goes out." in page
        assert "Press incident" in page


@pytest.mark.parametrize("scope", ["client", "platform", "account"])
def test_a_pause_holds_what_was_chosen(desk, page, instagram, scope):
    name = {"client": page.client_id, "platform": "facebook", "account": page.pk}[scope]
    start(desk, scope=f"{scope}:{name}")
    assert Pause.objects.holding(page).exists()
    assert Pause.objects.holding(instagram).exists() == (scope == "client")


def test_a_pause_without_a_reason_is_refused(desk):
    assert start(desk, reason=" ").status_code == 422
    assert not Pause.objects.exists()


def test_a_pause_of_something_unknown_is_refused_and_keeps_the_reason(desk):
    answer = start(desk, scope="client:999")
    assert answer.status_code == 422
    assert "Press incident" in answer.content.decode()


def test_an_author_may_not_pause(signed_in, author):
    assert start(signed_in(author)).status_code == 403
    assert not Pause.objects.exists()


def test_resuming_shows_the_plan_first(desk, page, author, operator):
    pause = Pause.objects.start(by=operator, reason="Wait")
    Pause.objects.start(by=operator, reason="More", account=make.account("facebook", "2002", "Other"))
    on_time = make.approved(make.draft(page, author, text="In time."), operator, at=timezone.now() + timedelta(hours=1))
    late = make.approved(make.draft(page, author, text="Too late."), operator)
    make.behind_the_back(
        late, publish_at=timezone.now() - timedelta(hours=2), slot_at=timezone.now() - timedelta(hours=2)
    )
    held = make.approved(make.draft(page.__class__.objects.get(external_id="2002"), author, text="Twice."), operator)
    answer = desk.get(reverse("publishing:lift", args=[pause.pk]))
    fates = {step.publication.pk: step.verdict for step in answer.context["plan"]}
    assert fates == {on_time.pk: "go", late.pk: "stop", held.pk: "hold"}
    pause.refresh_from_db()
    assert pause.in_force


def test_the_confirmation_resumes(desk, operator):
    pause = Pause.objects.start(by=operator, reason="Wait")
    address = reverse("publishing:lift", args=[pause.pk])
    assert desk.post(address).status_code == 302
    assert desk.post(address).status_code == 409
    pause.refresh_from_db()
    assert pause.lifted_by == operator
