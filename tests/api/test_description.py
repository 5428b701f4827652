"""The API is held to its own description, with real data: what it says of itself is true."""

# ruff: noqa: F401, F811
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from publishing.models import Pause
from sophia.tokens.models import Token
from tests import make
from tests.shared import author, laid_out, once, operator, page

STREAM = "/api/v1/notices/stream"
"""Needs the real server, and has tests of its own."""
OPERATIONS = [
    ("GET", "/drafts"),
    ("POST", "/drafts"),
    ("GET", "/drafts/{pk}"),
    ("PATCH", "/drafts/{pk}"),
    ("POST", "/drafts/{pk}/submit"),
    ("POST", "/drafts/{pk}/withdraw"),
    ("POST", "/images"),
    ("GET", "/publications"),
    ("GET", "/publications/{pk}"),
    ("GET", "/recoveries"),
    ("POST", "/recoveries"),
    ("GET", "/recoveries/{pk}"),
    ("GET", "/pauses"),
    ("POST", "/pauses"),
    ("GET", "/pauses/{pk}/plan"),
    ("POST", "/pauses/{pk}/lift"),
    ("GET", "/accounts"),
    ("GET", "/accounts/{pk}/health"),
    ("GET", "/notices"),
]
FUZZ = settings(max_examples=6, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", autouse=True)
def things(once):
    """One of each noun."""
    with once.making():
        once.staff()
        out = make.published(make.draft(once.page, once.author), once.operator)
        return {
            "drafts": make.draft(once.page, once.author, pictures=[(make.image(), "A loaf")]).pk,
            "publications": out.pk,
            "recoveries": out.recover(by=once.operator, reason="Wrong price", urgency="review").pk,
            "pauses": Pause.objects.start(by=once.operator, reason="x", account=once.page).pk,
            "accounts": once.page.pk,
        }


@pytest.fixture(scope="module")
def described(once):
    """With the connection of the tests, which the end of a request would close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_operation_is_held_to_it(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    said = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert said == {(method, f"/api/v1{path}") for method, path in OPERATIONS} | {("GET", STREAM)}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_what_it_says_of_itself_is_true(described, things, token_for, operator, settings, method, path):
    settings.SOPHIA_API_REQUESTS_PER_MINUTE = 10_000
    _, secret = token_for(operator)
    noun = path.split("/")[1]
    operation = described[f"/api/v1{path}"][method]
    known = {"path_parameters": {"pk": things[noun]}} if "{pk}" in path else {}

    def hold(case):
        # What is empty leaves no trace in an address.
        assume(all(value not in ([], {}) for value in (case.query or {}).values()))
        if case.meta.generation.mode.is_positive:
            give_what_is_there(case, things)
        # Not all that fits the description is accepted: the desk has rules about what is there.
        # It sends that it takes gzip, and then reads what came as it came.
        headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    for mode in GenerationMode:
        FUZZ(given(case=operation.as_strategy(mode, **known))(hold))()
    assert Token.objects.get().last_used_at


def give_what_is_there(case, things):
    """Real accounts and publications now and then, so that verbs are reached."""
    body = case.body
    if isinstance(body, dict) and isinstance(body.get("account"), str) and len(body["account"]) % 2:
        body["account"] = "facebook:1001"
    if isinstance(body, dict) and isinstance(body.get("publication"), int) and body["publication"] % 2:
        body["publication"] = things["publications"]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_without_a_token_nothing_is_told(db, method, path):
    answer = getattr(Client(), method.lower())(f"/api/v1{path.format(pk=1)}")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert "WWW-Authenticate" in answer
