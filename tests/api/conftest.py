import pytest
from django.test import Client

from sophia.tokens.scopes import SCOPES
from tests import make

EVERYTHING = [scope.name for scope in SCOPES]


@pytest.fixture
def token_for(boss):
    """A new token and its secret."""

    return make.token


class Program:
    """A program that holds a token."""

    def __init__(self, secret):
        self.client = Client(headers={"authorization": f"Bearer {secret}"}, enforce_csrf_checks=True)

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path, body=None, key=None, **body_too):
        return self.send("post", path, {**(body or {}), **body_too}, key)

    def patch(self, path, **body):
        return self.send("patch", path, body)

    def send(self, method, path, body, key=None):
        headers = {"idempotency-key": key} if key else {}
        return getattr(self.client, method)(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


@pytest.fixture
def program_of(token_for):
    def program(person, *scopes, **details):
        return Program(token_for(person, *scopes, **details)[1])

    return program


@pytest.fixture
def program(program_of, operator):
    """One that may do everything that tokens can."""
    return program_of(operator)
