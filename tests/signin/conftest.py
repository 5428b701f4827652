import pytest
from django.test import Client

from sophia.signin.models import SecondFactor
from tests.signin.phone import code_of

PASSWORD = "a-good-password"


@pytest.fixture
def sign_in():
    """As the page posts it, from an address of one's own."""

    def run(name="olga", password=PASSWORD, browser=None, address="203.0.113.7", **typed):
        browser = browser or Client(REMOTE_ADDR=address)
        browser.answer = browser.post("/login/", {"username": name, "password": password, **typed})
        return browser

    return run


@pytest.fixture
def factor(operator, clock):
    """The operator's, with a minute gone since its first code. `recovery` are its recovery codes."""
    made = SecondFactor.objects.begin(operator)
    recovery = made.confirm(code_of(made))
    clock.tick(60)
    made.recovery = recovery
    return made
