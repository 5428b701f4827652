"""An Idempotency-Key makes a write happen once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from approval.models import Draft
from sophia.retention import prune
from sophia.tokens.models import Answer
from tests import make
from tests.api.at_once import at_once


@pytest.fixture
def write(program, page):
    return partial(program.post, "drafts", {"account": page.label, "text": "Bread."})


def test_the_same_key_gets_the_same_answer(write):
    first, again = write("k"), write("k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Draft.objects.count() == 1


def test_another_key_is_another_request(write):
    write("k1"), write("k2", text="Rolls."), write(text="Buns.")
    assert Draft.objects.count() == 3


def test_another_key_makes_no_second_draft_of_the_same_content(write):
    assert [write("k1").status_code, write("k2").status_code, write().status_code] == [201, 200, 200]
    assert Draft.objects.count() == 1


def test_the_same_key_with_another_request_is_refused(write):
    write("k")
    answer = write("k", text="Rolls.")
    assert (answer.status_code, answer.json()["title"]) == (422, "Key used before")
    assert Draft.objects.count() == 1


def test_a_key_belongs_to_its_token(write, program_of, second_operator, page):
    write("k")
    other = program_of(second_operator)
    assert other.post("drafts", {"account": page.label, "text": "Rolls."}, "k").status_code == 201
    assert Draft.objects.count() == 2


def test_what_is_refused_is_not_kept(write, page):
    assert write("k", account="facebook:9").status_code == 422
    assert not Answer.objects.exists()
    assert write("k").status_code == 201


def test_a_key_is_forgotten_after_a_day(write, clock):
    write("k")
    clock.tick(timedelta(hours=25))
    assert write("k", text="Rolls.").status_code == 201
    assert Draft.objects.count() == 2
    clock.tick(timedelta(hours=25))
    prune()
    assert not Answer.objects.exists()


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
def test_a_key_that_is_none_is_refused(write, key, program, page):
    headers = {"idempotency-key": key}
    body = {"account": page.label, "text": "Bread."}
    answer = program.client.post("/api/v1/drafts", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")


def test_a_pause_and_a_recovery_come_once_too(program, draft, operator, page):
    out = make.published(draft, operator)
    for path, body in [
        ("recoveries", {"publication": out.pk, "reason": "x"}),
        ("pauses", {"account": page.label, "reason": "x"}),
        (f"drafts/{make.draft(page, operator).pk}/withdraw", {}),
    ]:
        assert program.post(path, body, "k" + path).content == program.post(path, body, "k" + path).content


def test_an_old_answer_is_not_for_who_lost_the_client(program, draft, operator, page):
    out, other = make.published(draft, operator), make.draft(page, operator)
    asked = [
        ("post", "drafts", {"account": page.label, "text": "Bread."}, 422),
        ("patch", f"drafts/{other.pk}", {"digest": other.digest(), "text": "Rolls."}, 404),
        ("post", f"drafts/{other.pk}/withdraw", {}, 404),
        ("post", f"drafts/{other.pk}/submit", {}, 404),
        ("post", "recoveries", {"publication": out.pk, "reason": "x"}, 422),
        ("post", "pauses", {"account": page.label, "reason": "x"}, 422),
    ]
    for method, path, body, _ in asked:
        assert program.send(method, path, body, f"k{method}{path}").status_code < 300
    make.member(operator)
    for method, path, body, status in asked:
        assert program.send(method, path, body, f"k{method}{path}").status_code == status, path


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_one_key_both_get_the_one_draft(write):
    answers = at_once(partial(write, "k"), partial(write, "k"), partial(write, "k"))
    assert {answer.content for answer in answers} == {answers[0].content}
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert Draft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_one_ref_there_is_one_draft(write):
    answers = at_once(partial(write, ref="r"), partial(write, ref="r"))
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert Draft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_answer_leaves_no_half(token_for, operator, page):
    token, _ = token_for(operator)

    def crash():
        make.draft(page, operator)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Answer.objects.once(token, "k", "d", crash)
    assert not connection.in_atomic_block
    assert (Draft.objects.count(), Answer.objects.count()) == (0, 0)
