"""Who gets in, and how far."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from publishing.models import Recovery
from sophia.logs import Plain
from sophia.tokens import entering
from sophia.tokens.models import Token
from tests import make
from tests.api.conftest import EVERYTHING, Program

EVERY_READ = ["drafts", "publications", "recoveries", "pauses", "accounts", "notices"]


@pytest.mark.parametrize("noun", EVERY_READ)
def test_a_token_reads_every_list(program, publication, noun):
    answer = program.get(noun)
    assert answer.status_code == 200
    assert set(answer.json()) == {"items", "next"}


@pytest.mark.parametrize("noun", EVERY_READ)
def test_a_session_opens_nothing(desk, noun):
    answer = desk.get(f"/api/v1/{noun}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="Sophia"'


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic b2xnYTp4", "Bearer sophia_x", "Bearer " + "é" * 50, "sophia_" + "a" * 43]
)
def test_what_is_no_token_opens_nothing(db, header):
    answer = Client().get("/api/v1/drafts", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.json()["title"] == "No valid token"


def test_a_token_that_ran_out_opens_nothing(program_of, operator, clock):
    program = program_of(operator, days=1)
    clock.tick(timedelta(days=1))
    answer = program.get("drafts")
    assert (answer.status_code, answer.json()["detail"][:23]) == (401, "This token has expired.")


def test_a_revoked_token_opens_nothing(token_for, operator, boss):
    token, secret = token_for(operator)
    token.revoke(by=boss)
    answer = Program(secret).get("drafts")
    assert (answer.status_code, answer.json()["detail"][:23]) == (401, "This token was revoked.")


def test_a_token_ends_with_its_person(program, operator):
    operator.is_active = False
    operator.save()
    answer = program.get("drafts")
    assert answer.status_code == 401
    assert "is switched off" in answer.json()["detail"]


def test_a_token_is_never_more_than_its_person(program_of, viewer, page):
    answer = program_of(viewer).post("drafts", {"account": page.label, "text": "Bread."})
    assert answer.status_code == 403
    assert "vera, for whom this token acts" in answer.json()["detail"]


def test_a_person_who_loses_a_right_loses_it_at_the_api_too(program, operator):
    operator.groups.clear()
    assert program.get("drafts").status_code == 403
    operator.user_permissions.add(Permission.objects.get(codename="view_draft"))
    assert program.get("drafts").status_code == 200


NEEDS = {
    "drafts:read": [("get", "drafts"), ("get", "drafts/1")],
    "drafts:write": [("post", "drafts"), ("patch", "drafts/1"), ("post", "drafts/1/submit"), ("post", "images")],
    "publications:read": [("get", "publications"), ("get", "publications/1")],
    "recoveries:read": [("get", "recoveries"), ("get", "recoveries/1")],
    "recoveries:request": [("post", "recoveries")],
    "pauses:read": [("get", "pauses"), ("get", "pauses/1/plan")],
    "pauses:write": [("post", "pauses"), ("post", "pauses/1/lift")],
    "accounts:read": [("get", "accounts"), ("get", "accounts/1/health")],
    "notices:read": [("get", "notices")],
}


@pytest.mark.parametrize("scope", NEEDS)
def test_without_its_scope_nothing_is_done(program_of, operator, scope):
    noun = scope.partition(":")[0]
    others = [each for each in EVERYTHING if each != scope and not (scope.endswith("read") and each.startswith(noun))]
    program = program_of(operator, *others)
    for method, path in NEEDS[scope]:
        answer = getattr(program, method)(path)
        assert answer.status_code == 403, path
        assert f"lacks the scope {scope}" in answer.json()["detail"]


def test_who_may_change_may_read(program_of, operator):
    assert program_of(operator, "drafts:write").get("drafts").status_code == 200


def test_no_scope_approves_and_no_door_leads_there(program, draft):
    for path in ("approve", "reject", "skip", "reopen"):
        assert program.post(f"drafts/{draft.pk}/{path}").status_code == 404
    assert not [scope for scope in EVERYTHING if "approve" in scope]


def test_a_take_down_that_a_token_asks_for_waits_for_a_person(program, draft, operator, outbox):
    out = make.published(draft, operator)
    answer = program.post("recoveries", publication=out.pk, reason="Wrong price")
    filed = Recovery.objects.get()
    assert answer.status_code == 201
    assert (filed.urgency, filed.state, filed.via, filed.executed_by) == ("review", "pending", "api", None)
    assert program.post("recoveries", publication=out.pk, reason="x", urgency="immediate").status_code == 422


def test_use_is_noted_once_a_minute(program, clock):
    def used_at():
        program.get("drafts")
        return Token.objects.get().last_used_at

    first = used_at()
    clock.tick(timedelta(seconds=50))
    assert used_at() == first
    clock.tick(timedelta(seconds=20))
    assert used_at() == first + timedelta(seconds=70)


def test_a_token_in_a_hurry_is_told_when_to_come_back(program, program_of, second_operator, clock, settings):
    settings.SOPHIA_API_REQUESTS_PER_MINUTE = 3
    assert [program.get("drafts").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = program.get("drafts")
    assert answer["Retry-After"] == "61"
    assert program_of(second_operator).get("drafts").status_code == 200
    clock.tick(timedelta(seconds=61))
    assert program.get("drafts").status_code == 200


def test_a_token_in_an_address_opens_nothing_and_is_not_logged(token_for, operator, client, caplog):
    secret = token_for(operator)[1]
    assert client.get(f"/api/v1/nowhere/{secret}").status_code == 404
    assert client.get(f"/api/v1/drafts?token={secret}").status_code == 401
    logged = "\n".join(map(Plain().format, caplog.records))
    assert "sophia_…" in logged
    assert secret not in logged


def test_the_secret_is_kept_nowhere(token_for, operator):
    token, secret = token_for(operator)
    kept = str(Token.objects.values().get())
    assert secret not in kept
    assert secret.removeprefix("sophia_")[:10] not in kept
    assert entering.enter(f"Bearer {secret}") == token
