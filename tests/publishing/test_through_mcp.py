"""Accounts that publish through the MCP servers, over real stdio and HTTP, against the sandbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import SocialAccount
from publishing.platforms.through_mcp.pool import SERVERS
from publishing.sandbox.models import APP_ID, Account, Fault, Post
from sophia.refusals import NotAcceptable, Refused
from tests import make
from tests.draining import carry_out
from tests.platforms.served_by_mcp import standin


@pytest.fixture
def through(accounts, settings):
    """Sets an account to publish so. The server lasts for one test, because the sandbox moves with each."""
    settings.SOPHIA_MCP = {
        "facebook": standin("facebook", settings.SOPHIA_GRAPH_URL),
        "instagram": standin("instagram"),
    }
    settings.SOPHIA_APP_ID, settings.SOPHIA_APP_SECRET = APP_ID, "the-secret"

    def connect(platform):
        accounts[platform].connect(through="mcp")
        return accounts[platform]

    yield connect
    SERVERS.close()


def sent(account, operator, text="Fresh bread at seven.", images=()):
    publication = make.approved(make.draft(account, operator, text=text, pictures=images), operator)
    publication.publish()
    publication.refresh_from_db()
    return publication


def ask_again(publication):
    """As often as Sophia does by itself."""
    for _ in range(4):
        since = timezone.now() - timedelta(hours=1)
        make.behind_the_back(publication, reconcile_at=timezone.now(), unconfirmed_at=since)
        publication.reconcile()
        publication.refresh_from_db()


def another_post_on(account):
    """That stays up, and that reading shows: the control."""
    wall = Account.objects.get(external_id=account.external_id)
    Post.objects.create(account=wall, graph_id=f"{wall.external_id}_900", published_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_facebook_publishes_lets_a_person_settle_a_lost_answer_and_takes_down(through, operator):
    account = through("facebook")
    publication = sent(account, operator)
    assert publication.is_live
    [tool, read] = publication.calls.order_by("at")
    assert (tool.method, tool.path, read.method) == ("MCP", "post_to_facebook", "GET")

    Fault.objects.arm("POST */photos", "html_502", when="after")
    doubtful = sent(account, operator, "Rolls at eight.", [(make.image(), "")])
    assert doubtful.state == "unconfirmed"
    ask_again(doubtful)
    [candidate] = doubtful.offered()
    doubtful.identify(candidate, by=operator)
    assert doubtful.is_live
    assert Post.objects.public().filter(text="Rolls at eight.").count() == 1

    Fault.objects.arm("POST */feed", "html_502", when="before")
    asked = sent(account, operator, "Cake at nine.")
    ask_again(asked)
    assert asked.needs_a_person

    another_post_on(account)
    recovery = publication.recover(by=operator, reason="Wrong price")
    carry_out(recovery)
    assert recovery.is_proved
    assert "delete_post" in [entry.get("path") for entry in recovery.evidence]
    assert not Post.objects.public().filter(graph_id=publication.post_id).exists()


@pytest.mark.django_db(transaction=True)
def test_instagram_publishes_and_is_taken_down_by_graph_itself(through, operator):
    draft = make.draft(through("instagram"), operator, pictures=[(make.image(), "")])
    publication = make.approved(draft, operator, at=timezone.now() + timedelta(minutes=1))
    publication.prepare()
    make.behind_the_back(publication, publish_at=timezone.now())
    publication.refresh_from_db()
    publication.publish()
    publication.refresh_from_db()
    assert publication.is_live
    assert [attempt.way for attempt in publication.attempts.all()] == ["mcp", "mcp"]
    recovery = publication.recover(by=operator, reason="Wrong price")
    another_post_on(publication.account)
    carry_out(recovery)
    assert recovery.is_proved
    assert not Post.objects.public().filter(graph_id=publication.post_id).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("platform", "content", "said"),
    [
        ("facebook", {"link": "https://lua.example/menu"}, "Facebook through MCP attaches no links"),
        ("facebook", {"images": [(800, "A loaf")]}, "cannot send one"),
        ("facebook", {"images": [(800, ""), (900, "")]}, "Facebook through MCP takes 1"),
        ("instagram", {"images": [(1000, "")]}, "takes 4:5, square or 1.91:1 only"),
    ],
)
def test_what_the_server_cannot_send_is_refused_before_anybody_approves(author, platform, content, said):
    account = make.account(platform, "1001")
    make.behind_the_back(account, through="mcp")
    account.refresh_from_db()
    pictures = [(make.image(width=width), alt) for width, alt in content.get("images", [])]
    with pytest.raises(NotAcceptable, match=said):
        make.draft(account, author, link=content.get("link", ""), pictures=pictures)


@pytest.mark.django_db
def test_an_account_cannot_be_set_so_where_no_server_is_named(page):
    with pytest.raises(Refused, match="SOPHIA_MCP_FACEBOOK is empty"):
        page.connect(through="mcp")
    page.refresh_from_db()
    assert page.through == ""


@pytest.mark.django_db
def test_an_account_cannot_be_set_so_without_the_package(page, settings, monkeypatch):
    settings.SOPHIA_MCP = {"facebook": ["server"]}
    monkeypatch.setattr("publishing.platforms.through_mcp.launch.find_spec", lambda name: None)
    with pytest.raises(Refused, match="bin/setup --with mcp"):
        page.connect(through="mcp")


@pytest.mark.django_db
def test_an_account_waits_when_its_server_is_no_longer_named(page, publication):
    make.behind_the_back(page, through="mcp")
    publication.publish()
    publication.refresh_from_db()
    page.refresh_from_db()
    assert (publication.state, page.is_healthy) == ("queued", False)
    assert "SOPHIA_MCP_FACEBOOK is empty" in page.needs_reconnect_because


@pytest.mark.django_db
def test_an_account_goes_back_to_the_direct_way(page, publication, outbox):
    make.behind_the_back(page, through="mcp")
    SocialAccount.objects.get(pk=page.pk).connect(through="")
    publication.account.refresh_from_db()
    publication.publish()
    assert len(outbox) == 1
