"""Publications, recoveries, pauses, accounts and notices."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Pause
from sophia.notifications.announce import announce
from tests import make


def test_a_publication_says_what_holds_it(program, page, publication, operator):
    Pause.objects.start(by=operator, reason="Press incident", account=page)
    seen = program.get(f"publications/{publication.pk}").json()
    gates = {gate["name"]: gate for gate in seen["gates"]}
    assert gates["Pause"]["verdict"] == "hold"
    assert "Press incident" in seen["held"]
    assert seen["earliest"] is None
    assert program.get("publications").json()["items"][0]["held"] == seen["held"]


def test_a_publication_tells_its_story(program, draft, operator):
    out = make.published(draft, operator)
    out.recover(by=operator, reason="Wrong price", urgency="review")
    seen = program.get(f"publications/{out.pk}").json()
    assert [each["what"] for each in seen["timeline"]] == ["decision", "decision", "decision", "attempt", "recovery"]
    assert seen["timeline"][2]["said"] == "olga has approved it."
    assert "Wrong price" in seen["timeline"][-1]["said"]
    assert (seen["state"], seen["draft"], seen["gates"]) == ("published", draft.pk, [])
    assert seen["post_id"] == out.post_id


def test_publications_are_narrowed(program, page, instagram, publication):
    def count(**query):
        return len(program.get("publications", **query).json()["items"])

    assert [count(), count(state="queued"), count(state="failed")] == [1, 1, 0]
    assert [count(account=page.label), count(account=instagram.label), count(client=page.client_id)] == [1, 0, 1]


def test_a_recovery_can_be_followed(program, draft, operator):
    out = make.published(draft, operator)
    filed = program.post("recoveries", publication=out.pk, reason="Wrong price").json()
    assert program.post("recoveries", publication=out.pk, reason="Again").json()["id"] == filed["id"]
    out.recoveries.get().dismiss(by=operator, note="It is right.")
    seen = program.get(f"recoveries/{filed['id']}").json()
    assert (seen["state"], seen["note"], seen["via"]) == ("dismissed", "It is right.", "api")
    assert program.get("recoveries", state="pending").json()["items"] == []


def test_what_never_went_out_is_not_taken_down(program, publication):
    answer = program.post("recoveries", publication=publication.pk, reason="x")
    assert answer.status_code == 409
    assert "Cancel it instead" in answer.json()["detail"]


@pytest.mark.parametrize("scope", ["client", "platform", "account", "everything"])
def test_each_scope_is_paused(program, page, publication, scope):
    value = {"client": page.client_id, "platform": "facebook", "account": page.label, "everything": True}[scope]
    answer = program.post("pauses", {scope: value}, reason="Press incident")
    assert (answer.status_code, answer.json()["holds"]) == (201, 1)
    assert Pause.objects.in_force().get().started_via == "api"


@pytest.mark.parametrize("named", [{}, {"everything": True, "platform": "facebook"}, {"account": ""}])
def test_a_pause_of_nothing_or_of_two_is_refused(program, named):
    answer = program.post("pauses", named, reason="x")
    assert answer.status_code == 422
    assert "Name one of" in answer.json()["detail"]


def test_a_pause_is_lifted_as_its_plan_says(program, page, publication):
    pause = program.post("pauses", account=page.label, reason="x").json()
    plan = program.get(f"pauses/{pause['id']}/plan").json()
    assert [(step["publication"], step["verdict"]) for step in plan["steps"]] == [(publication.pk, "go")]
    answer = program.post(f"pauses/{pause['id']}/lift", plan=plan["digest"])
    assert (answer.status_code, answer.json()["lifted_by"]) == (200, "olga")
    assert Pause.objects.get().lifted_via == "api"
    assert program.post(f"pauses/{pause['id']}/lift", plan=plan["digest"]).status_code == 409


def test_a_plan_that_is_no_longer_right_lifts_nothing(program, page, publication):
    pause = program.post("pauses", account=page.label, reason="x").json()
    assert program.post(f"pauses/{pause['id']}/lift", plan="0" * 16).status_code == 409
    assert [each["id"] for each in program.get("pauses", in_force="true").json()["items"]] == [pause["id"]]


def test_the_health_of_an_account_costs_no_call(program, page, outbox):
    page.hold("The token was revoked.")
    before = page.calls.count()
    seen = program.get(f"accounts/{page.pk}/health").json()
    assert (seen["healthy"], seen["problem"]) == (False, "The token was revoked.")
    assert seen["calls_this_hour"]["limit"] == 200
    assert page.calls.count() == before
    assert program.get("accounts").json()["items"][0]["account"] == "facebook:1001"


def test_notices_come_newest_first(program, page):
    announce("publication.failed", "Publication 7 is failed.", link="/queue/7/", urgent=True, client=page.client_id)
    seen = program.get("notices", urgent="true").json()["items"][0]
    assert (seen["kind"], seen["url"]) == ("publication.failed", "http://testserver/queue/7/")
    assert seen["client"] == page.client_id
    assert seen["at"] > (timezone.now() - timedelta(minutes=1)).isoformat()
