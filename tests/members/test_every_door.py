"""What programs find behind the API and the agents' door when they ask for what is another client's.

With the token of a member of that client alone, with a token limited to it, and with that of somebody without a role.
"""

import json

import pytest
from django.test import Client as Browser

from approval.agents.callers import Caller
from approval.agents.tools import TOOLS
from approval.agents.writing import Given
from sophia.api.urls import schema
from sophia.refusals import Refused
from tests import make
from tests.members.scene import SAID, SECRET, theirs  # noqa: F401
from tests.members.test_every_route import everything, kept, number

LISTED, REFUSED, MISSING, UNFIT = 200, 403, 404, 422
PAUSED = {"reason": "x"}
API = {
    "GET /api/v1/drafts": [
        ("", None, LISTED),
        ("?client={client}", None, LISTED),
        ("?account={label}", None, UNFIT),
        (f"?ref={SECRET[:3]}", None, LISTED),
    ],
    "POST /api/v1/drafts": [("", {"account": "theirs", "text": "x"}, UNFIT)],
    "GET /api/v1/drafts/{pk}": [("draft", None, MISSING), ("rejected", None, MISSING)],
    "PATCH /api/v1/drafts/{pk}": [("draft", {"digest": "0" * 64, "text": "x"}, MISSING)],
    "POST /api/v1/drafts/{pk}/submit": [("unsubmitted", {}, MISSING)],
    "POST /api/v1/drafts/{pk}/withdraw": [("draft", {}, MISSING)],
    "POST /api/v1/images": [("", {}, UNFIT)],
    "GET /api/v1/publications": [
        ("", None, LISTED),
        ("?client={client}", None, LISTED),
        ("?account={label}", None, UNFIT),
    ],
    "GET /api/v1/publications/{pk}": [("out", None, MISSING), ("planned", None, MISSING)],
    "GET /api/v1/recoveries": [("", None, LISTED)],
    "POST /api/v1/recoveries": [("", {"publication": "theirs.out", "reason": "x"}, UNFIT)],
    "GET /api/v1/recoveries/{pk}": [("recovery", None, MISSING)],
    "GET /api/v1/pauses": [("", None, LISTED), ("?in_force=true", None, LISTED)],
    "POST /api/v1/pauses": [
        ("", PAUSED | {"client": "theirs.client"}, UNFIT),
        ("", PAUSED | {"account": "theirs"}, UNFIT),
        ("", PAUSED | {"everything": True}, REFUSED),
        ("", PAUSED | {"platform": "facebook"}, REFUSED),
    ],
    "GET /api/v1/pauses/{pk}/plan": [("pause", None, MISSING)],
    "POST /api/v1/pauses/{pk}/lift": [("pause", {"plan": ""}, MISSING)],
    "GET /api/v1/accounts": [("", None, LISTED)],
    "GET /api/v1/accounts/{pk}/health": [("account", None, MISSING)],
    "GET /api/v1/notices": [("", None, LISTED), ("?client={client}", None, LISTED)],
    "GET /api/v1/notices/stream": [],  # It streams under ASGI alone: tests/api/test_stream.py
}
AGENTS = {
    "submit_draft": [{"account": "theirs", "text": "x"}, {"account": "ours", "text": "x", "ref": SECRET}],
    "list_drafts": [{}, {"state": "in_review"}],
    "draft_status": [{"draft": "theirs.draft"}, {"draft": SECRET}],
    "list_publications": [{}, {"state": "published"}],
    "why_not_going_out": [{"publication": "theirs.planned"}],
    "request_recovery": [{"publication": "theirs.out", "reason": "x"}],
    "pause": [
        {"reason": "x"},
        {"reason": "x", "platform": "facebook"},
        {"reason": "x", "account": "theirs"},
        {"reason": "x", "client": f"Maison {SECRET}"},
    ],
}
"""Lists answer; everything else of theirs is refused."""


def test_every_route_of_the_api_and_every_tool_is_in_the_table():
    known = {f"{verb.upper()} {path}" for path, verbs in schema()["paths"].items() for verb in verbs}
    assert known == set(API), "Say in this file what a member of another client gets there."
    assert {tool.__name__ for tool in TOOLS} == set(AGENTS), "Say in this file what of theirs an agent asks for."


@pytest.fixture
def tokens(member, bakery, author, operator):
    """Two that are for the other client alone, which has something in every list."""
    make.draft(bakery, author, text="Rolls.")
    make.published(make.draft(bakery, author, text="Buns."), operator)
    return [make.token(member), make.token(operator, clients=[bakery.client])]


def filled(value, theirs, ours):  # noqa: F811
    return {"theirs": theirs.account.label, "ours": ours}.get(value) or number(theirs, value)


def asked_for(secret, route, where, body, theirs, ours):  # noqa: F811
    method, path = route.split()
    if where.startswith("?"):
        path += where.format(client=theirs.client.pk, label=theirs.account.label)
    elif where:
        path = path.format(pk=getattr(theirs, where).pk)
    sent = body and {key: filled(value, theirs, ours) for key, value in body.items()}
    browser = Browser(headers={"authorization": f"Bearer {secret}"})
    if route == "POST /api/v1/images":
        return browser.post(path)
    return browser.generic(
        method, path, *([as_json(sent)] if body is not None else []), content_type="application/json"
    )


def as_json(body):

    return json.dumps(body)


def api_walked(secret, theirs, ours, expected=None):  # noqa: F811
    for route, asks in API.items():
        for where, body, status in asks:
            got = asked_for(secret, route, where, body, theirs, ours)
            if got.status_code != (expected or status):
                yield f"{route} {where} {body}: {got.status_code}, not {expected or status}: {got.content[:200]!r}"
            if SECRET.encode() in everything(got).replace(theirs.account.label.encode(), b""):
                yield f"{route} {where}: tells what is theirs"


def test_tokens_of_another_client_find_and_change_nothing(theirs, tokens, bakery):  # noqa: F811
    before = kept()
    wrong = [said for _, secret in tokens for said in api_walked(secret, theirs, bakery.label)]
    assert not wrong, "\n".join(wrong)
    assert kept() == before


def test_a_token_of_somebody_without_a_role_opens_nothing(theirs, stranger):  # noqa: F811
    before = kept()
    wrong = list(api_walked(make.token(stranger)[1], theirs, "facebook:2002", REFUSED))
    assert not wrong, "\n".join(wrong)
    assert kept() == before


def agents_walked(token, theirs, ours):  # noqa: F811
    caller = Caller(token.person, token)
    for tool in TOOLS:
        for typed in AGENTS[tool.__name__]:
            known = {key: str(filled(value, theirs, ours)) for key, value in typed.items()}
            given = {"shelf": Given()} if tool.__name__ == "submit_draft" else {}
            try:
                said = str(tool(caller.person, caller.clients, **given, **known))
            except Refused as refused:
                said = str(refused)
            else:
                if not tool.__name__.startswith("list_"):
                    yield f"{tool.__name__} {typed}: not refused"
            for word in known.values():
                said = said.replace(word, "")
            if SECRET in said:
                yield f"{tool.__name__} {typed}: tells what is theirs: {said}"


def test_agents_of_another_client_find_and_change_nothing(theirs, tokens, bakery):  # noqa: F811
    before = kept()
    wrong = [said for token, _ in tokens for said in agents_walked(token, theirs, bakery.label)]
    assert not wrong, "\n".join(wrong)
    assert kept() == before


def test_a_token_of_their_own_is_shown_all_of_it(theirs, operator):  # noqa: F811
    """So that the walks above prove something: the addresses are right, and the word is there to be read."""
    secret, silent = make.token(operator, clients=[theirs.client])[1], []
    for route, asks in API.items():
        for where, body, _ in asks:
            if body is None and "ref" not in where:
                got = asked_for(secret, route, where, body, theirs, "")
                if SAID.encode() not in got.content and SECRET.encode() not in got.content:
                    silent.append(f"{route} {where}: {got.status_code} {got.content[:100]!r}")
    assert not silent, "\n".join(silent)
