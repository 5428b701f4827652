from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError, Quota, TokenFacts
from tests import make

pytestmark = pytest.mark.django_db


def test_every_account_is_told(command, page, instagram):
    memory.shown.update(usage=40, quota=Quota(50, 3))
    answer = command("check_accounts", "--json")
    assert (answer.code, [each["account"] for each in answer.json]) == (0, [page.label, instagram.label])
    assert answer.json[1] == {
        "account": instagram.label,
        "ok": True,
        "token": "valid",
        "expiry": "unknown",
        "ends_at": None,
        "token_expires_at": None,
        "data_access_expires_at": None,
        "scopes": None,
        "quota": {"total": 50, "used": 3},
        "usage": {
            "calls": {"used": 2, "limit": None},
            "posts": {"used": 0, "limit": 25},
            "platform_percent": 40,
        },
        "throttled_until": None,
        "posts_held_until": None,
        "problem": None,
    }


def test_the_end_of_a_token_is_told(command, page):
    memory.shown["token"] = TokenFacts((), datetime(2031, 2, 3, 4, tzinfo=UTC))
    assert command("check_accounts", "--json").json[0]["token_expires_at"].startswith("2031-02-03T04:00:00")
    assert "2031-02-03" in command("check_accounts").out


def test_the_calls_of_an_hour_and_their_limit_are_told(command, page):
    make.behind_the_back(page, calls_per_hour=90)
    assert command("check_accounts", "--json").json[0]["usage"]["calls"] == {"used": 2, "limit": 90}


def test_posts_that_went_out_are_counted(command, instagram, operator):
    make.published(make.draft(instagram, operator, pictures=[(make.image(), "")]), operator)
    assert command("check_accounts", "--json").json[0]["usage"]["posts"]["used"] == 1


def test_one_account_can_be_named(command, page, instagram):
    assert [each["account"] for each in command("check_accounts", page.label, "--json").json] == [page.label]


def test_an_unknown_account_is_refused(command, page):
    answer = command("check_accounts", "facebook:9", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert "There is no account “facebook:9”" in answer.error


def test_a_refused_token_needs_a_person(command, page, instagram):
    memory.fail_next("check", PlatformError(Kind.AUTH, "The token has expired."))
    answer = command("check_accounts", "--json")
    assert answer.code == 1
    assert page.label in answer.error
    assert instagram.label not in answer.error
    assert [(each["ok"], each["token"]) for each in answer.json] == [(False, "refused"), (True, "valid")]
    assert answer.json[0]["problem"] == "The token has expired."
    page.refresh_from_db()
    assert not page.is_healthy


def test_a_held_account_needs_a_person_though_its_token_reads(command, page):
    page.hold("A permission is missing.")
    answer = command("check_accounts", "--json")
    assert (answer.code, answer.json[0]["token"]) == (1, "valid")
    assert "A permission is missing." in answer.json[0]["problem"]


def test_a_token_that_cannot_be_decrypted_needs_a_person(command, page):
    make.behind_the_back(page, token="gAAAA-of-another-key")
    answer = command("check_accounts", "--json")
    assert answer.code == 1


def test_a_scope_that_is_missing_needs_a_person(command, page, monkeypatch):
    monkeypatch.setattr(memory.Memory, "needs_scopes", frozenset({"pages_manage_posts", "pages_read_engagement"}))
    monkeypatch.setattr(memory.Memory, "scopes", lambda self: ("pages_read_engagement",))
    answer = command("check_accounts", "--json")
    assert (answer.code, answer.json[0]["scopes"]) == (1, ["pages_read_engagement"])
    assert "lacks pages_manage_posts" in answer.json[0]["problem"]


def test_a_throttled_account_is_not_asked_and_needs_nobody(command, page, clock):
    page.throttle(timezone.now() + timedelta(minutes=20), "Facebook says that it is too much.")
    before = page.calls.count()
    answer = command("check_accounts", "--json")
    assert (answer.code, answer.json[0]["ok"], answer.json[0]["token"]) == (0, False, "unknown")
    assert answer.json[0]["throttled_until"]
    assert page.calls.count() == before


def test_an_account_that_may_not_publish_is_asked_and_says_why(command, page, clock):
    page.restrict(timezone.now() + timedelta(days=1), "Instagram suspects spam.")
    answer = command("check_accounts", "--json")
    [told] = answer.json
    assert (answer.code, told["ok"], told["token"], told["throttled_until"]) == (0, False, "valid", None)
    assert (
        told["problem"]
        == f"{page} may not publish before {page.clock(page.restricted_until)}. Instagram suspects spam."
    )


def test_a_platform_that_is_down_needs_nobody(command, page):
    memory.fail_next("check", PlatformError(Kind.RETRY, "Facebook could not be reached."))
    answer = command("check_accounts")
    assert answer.code == 0
    assert "Facebook could not be reached." in answer.out


def test_no_accounts_is_said(command, db):
    assert "No account is connected" in command("check_accounts").out
    assert command("check_accounts", "--json").json == []
