"""As a stranger and as a member of another client, through every address that the resolver knows."""

import pytest
from django.test import Client as Browser
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from approval.clientlinks.models import ClientLink
from approval.models import Draft
from publishing.models import Client, Emergency, Feed, Pause, Publication, Recovery, SocialAccount
from sophia.notifications.models import Subscription
from tests import make
from tests.members.routes import PUBLIC, routes
from tests.members.scene import SECRET, theirs  # noqa: F401

TOUCHED = (Client, SocialAccount, Draft, Publication, Recovery, Pause, Feed, ClientLink, Emergency, Subscription)
WORDLESS = {"calendar:openings", "calendar:slot", "publishing:package", "approval:review"}
"""Times alone, a ZIP, and a redirect."""
UNNAMED = {"favicon.ico": "favicon"} | {
    f"admin/{name}/": f"admin_{name}" for name in ("login", "logout", "password_change")
}


def known_to_the_resolver(resolver=None, namespaces=()):
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern, URLPattern):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from known_to_the_resolver(pattern, inner)
        elif pattern.name or namespaces != ("admin",):  # The admin's unnamed ones only redirect to its named ones.
            yield ":".join([*namespaces, pattern.name or UNNAMED[str(pattern.pattern)]])


def test_every_route_is_in_the_table():
    known, table = set(known_to_the_resolver()), set(routes()) | PUBLIC
    assert known - table == set(), "Add them to tests/members/routes.py: what must a member of another client get?"
    assert table - known == set(), "They are no routes any more: take them out of tests/members/routes.py."


@pytest.fixture
def member_at_work(member, bakery, author, operator):
    """With something of their own in every list."""
    make.draft(bakery, author, text="Rolls.")
    make.published(make.draft(bakery, author, text="Buns."), operator)
    return member


def number(theirs, value):  # noqa: F811
    if not (isinstance(value, str) and value.startswith("theirs.")):
        return value
    return getattr(theirs, value.removeprefix("theirs.")).pk


def address(name, ask, theirs):  # noqa: F811
    if name in UNNAMED.values():
        return "/" + next(path for path, named in UNNAMED.items() if named == name)
    path = {key: number(theirs, value) for key, value in ask.path.items()}
    if ask.of:
        path["sha256" if ask.of == "image" else "pk"] = getattr(theirs, ask.of).pk
    query = ask.query.format(**{key: row.pk for key, row in vars(theirs).items() if hasattr(row, "pk")})
    return reverse(name, kwargs=path) + (f"?{query}" if query else "")


def browser_of(person):
    browser = Browser()
    browser.force_login(person)
    return browser


def answer(browser, name, ask, theirs):  # noqa: F811
    where = address(name, ask, theirs)
    if ask.post is None:
        return browser.get(where)
    return browser.post(where, {key: number(theirs, value) for key, value in ask.post.items()})


def everything(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.lower() + str(response.headers).encode().lower() + str(response.cookies).encode().lower()


def kept():
    return [list(model.objects.order_by("pk").values()) for model in TOUCHED]


def walked(person, theirs, expected):  # noqa: F811
    """Where it went otherwise than it should."""
    browser = browser_of(person)
    for name, asks in routes().items():
        for ask in asks:
            got = answer(browser, name, ask, theirs)
            if name in {"logout", "admin_logout", "admin:logout"}:
                browser = browser_of(person)
            if got.status_code != getattr(ask, expected):
                yield f"{name} {ask.of}{ask.query} {ask.post or ''}: {got.status_code}, not {getattr(ask, expected)}"
            if SECRET.encode() in everything(got):
                yield f"{name} {ask.of}{ask.query}: tells what is theirs"


def test_strangers_and_members_of_another_client_find_and_change_nothing(theirs, member_at_work, stranger):  # noqa: F811
    before = kept()
    wrong = [*walked(member_at_work, theirs, "member"), *walked(stranger, theirs, "stranger")]
    assert not wrong, "\n".join(wrong)
    assert kept() == before


def test_who_works_for_the_client_is_shown_all_of_it(theirs, operator):  # noqa: F811
    """So that the walk above proves something: the addresses are right, and the word is there to be read."""
    own = make.member(operator, theirs.client)
    browser, silent = browser_of(own), []
    for name, asks in routes().items():
        for ask in asks:
            if ask.post is None and (ask.of or "{client}" in ask.query) and ask.of != "image":
                got = answer(browser, name, ask, theirs)
                if (name not in WORDLESS and SECRET.encode() not in everything(got)) or got.status_code >= 400:
                    silent.append(f"{name} {ask.of}{ask.query}: {got.status_code}")
    assert not silent, "\n".join(silent)
