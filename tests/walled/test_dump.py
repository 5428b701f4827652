"""A read database opens nothing: every value of every column is tried as a credential at every door."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from approval.clientlinks.models import ClientLink
from publishing.models.feed import Feed
from sophia.signin.models import SecondFactor
from sophia.tokens.models import Token
from tests import make

pytestmark = pytest.mark.django_db
KEY = re.compile(r"[\w.:-]{8,64}", re.A)


@pytest.fixture
def credentials(page, operator, boss, signed_in):
    """One of each kind that there is. Returns what each opens with."""
    browser = signed_in(operator)
    browser.get("/queue/")
    _, secret = make.token(operator, "drafts:read")
    link = make.client_link(page.client, operator)[1].rstrip("/").rpartition("/")[2]
    feed = Feed.objects.make(page.client, by=operator).link.rpartition("/")[2].removesuffix(".ics")
    factor = SecondFactor.objects.begin(operator)
    factor.confirmed_at = timezone.now()
    factor.save()
    paper = factor.renew_codes()[0]
    return {"cookie": browser.cookies["sessionid"].value, "bearer": secret, "link": link, "feed": feed, "paper": paper}


def opens_as_cookie(value):
    browser = Client()
    browser.cookies["sessionid"] = value
    return browser.get("/queue/").status_code == 200


def opens_as_paper(value):
    return SecondFactor.objects.get().takes_recovery(value)


DOORS = {
    "cookie": opens_as_cookie,
    "bearer": lambda value: Token.objects.behind(value) is not None,
    "link": lambda value: ClientLink.objects.behind(value) is not None,
    "feed": lambda value: Feed.objects.named(value) is not None,
    "paper": opens_as_paper,
    "password": lambda value: authenticate(username="olga", password=value) is not None,
}
"""How each is taken, below the page that takes it."""


def dumped():
    """Every text of every table, and each part of it between separators."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if not table.startswith("sandbox_"):
                cursor.execute(f'SELECT * FROM "{table}"')
                found |= {str(value) for row in cursor.fetchall() for value in row if value is not None}
    parts = {part for value in found for part in value.replace('"', " ").split()}
    return {value for value in found | parts if len(value) >= 8}


def test_each_credential_opens_its_door(credentials):
    assert {kind for kind, value in credentials.items() if DOORS[kind](value)} == credentials.keys()


def test_no_column_opens_any_door(credentials):
    tried = dumped()
    assert len(tried) > 100
    assert not tried & set(credentials.values())
    for kind, opens in DOORS.items():
        usable = [value for value in tried if kind != "cookie" or KEY.fullmatch(value)]
        assert [value for value in usable if opens(value)] == [], kind


def test_there_is_no_other_door():
    """A password that is forgotten is set by an administrator: no mail opens anything."""
    with pytest.raises(NoReverseMatch):
        reverse("password_reset")


def test_the_key_of_a_session_is_not_in_the_database(desk):
    key = desk.cookies["sessionid"].value
    assert not Session.objects.filter(pk=key).exists()
    assert key not in str(list(Session.objects.values_list("pk", "session_data")))


def test_a_session_outlives_the_key_that_named_it(desk, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "x" * 60
    assert desk.get("/queue/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert Session.objects.count() == 1


def test_signing_out_ends_the_session_in_the_database(desk):
    desk.post("/logout/")
    assert not Session.objects.filter(expire_date__gt=timezone.now() + timedelta(minutes=1)).exists()
