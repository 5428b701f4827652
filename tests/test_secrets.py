"""Secrets never leave: after a faulty day, nothing that was written, shown, sent or kept holds one of them."""

import io
import json
import logging
import sqlite3
import tarfile
from contextlib import closing

import pytest
import requests
import sentry_sdk
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from publishing.models import Publication, SocialAccount
from publishing.platforms.base import PlatformError
from publishing.sandbox.models import Fault, Page, Profile
from sophia import sentry
from sophia.logs import Json, Plain
from sophia.notifications.models import Subscription
from sophia.refusals import Refused
from sophia.signin.models import SecondFactor
from tests import make
from tests.draining import carry_out, drain
from tests.signin.phone import code_of

pytestmark = pytest.mark.django_db(transaction=True)
PAGE_TOKEN, PROFILE_TOKEN = "EAApagetokenQ7vX0aaaa1111", "EAAprofiletokenZ3kW9bbbb2222"
METRICS = "metricstokenP9sD4ffff"
DEAD_TOKEN, CHANNEL, PASSWORD = "EAAdeadtokenM5nB8cccc3333", "hooksecretT6yH4dddd", "my-own-passw0rd-eeee"
FAULTS = [
    ("refused", "before"),
    ("reset", "after"),
    ("html_502", "before"),
    ("status_500", "after"),
    ("error", "before"),
]


@pytest.fixture
def heard():
    """Whatever is logged, at every level, in both forms, and as an error report. (pytest also listens where nothing is
    passed on.)"""
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = [logging.StreamHandler(written), logging.StreamHandler(written), Reporting(written)], root.level
    for handler, form in zip(handlers, (Plain(), Json(), None), strict=True):
        handler.setFormatter(form)
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    for handler in handlers:
        root.removeHandler(handler)
    root.setLevel(level)


class Reporting(logging.StreamHandler):
    """As Sentry would get it."""

    def emit(self, record):
        if record.exc_info and record.exc_info[0]:
            options = {"include_local_variables": False, "include_source_context": True, "max_value_length": 1024}
            event, hint = sentry_sdk.utils.event_from_exception(record.exc_info, client_options=options)
            self.stream.write(f"REPORT {json.dumps(sentry.clean(event, hint), default=str)}\n")


@pytest.fixture
def day(asgi_server, settings, heard, monkeypatch):
    """Where everything is collected that anybody could read: (where it was, text)."""
    settings.SOPHIA_GRAPH_URL, settings.SOPHIA_PUBLIC_URL = f"{asgi_server.url}/sandbox", asgi_server.url
    settings.SOPHIA_PLATFORMS = {
        "facebook": "publishing.platforms.facebook.Facebook",
        "instagram": "publishing.platforms.instagram.Instagram",
    }
    settings.SOPHIA_NOTICE_HOSTS, settings.ALLOWED_HOSTS = ["127.0.0.1:9"], ["*"]
    settings.SOPHIA_METRICS_TOKEN = METRICS
    page = Page.objects.open("1001", "Lua", token=PAGE_TOKEN)
    Profile.objects.open("1784", "Lua", page=page, token=PROFILE_TOKEN)
    for name, value in (("PAGE", PAGE_TOKEN), ("PROFILE", PROFILE_TOKEN), ("DEAD", DEAD_TOKEN)):
        monkeypatch.setenv(name, value)
    return Day(asgi_server.url, [settings.SECRET_KEY, *settings.FIELD_ENCRYPTION_KEY])


class Day:
    def __init__(self, url, keys):
        self.url, self.collected = url, []
        self.secrets = [PAGE_TOKEN, PROFILE_TOKEN, DEAD_TOKEN, CHANNEL, PASSWORD, METRICS, *keys]

    def keep(self, where, said):
        self.collected.append((where, str(said)))

    def command(self, *words, **options):
        out = io.StringIO()
        try:
            call_command(*words, stdout=out, stderr=out, **options)
        except Exception as refused:  # noqa: BLE001
            self.keep(words, refused)
        self.keep(words, out.getvalue())

    def work(self):
        """What is queued is read before it is done."""
        for row in OrmQ.objects.all():
            self.keep("task", SignedPackage.loads(row.payload))
        drain()

    def open(self, browser, *paths):
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code != 500, path
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            self.keep(path, content.decode(errors="replace"))
            self.keep(path, answer.headers)

    def leaks(self):
        return [
            (where, secret, said[max(0, said.index(secret) - 300) : said.index(secret) + 60])
            for where, said in self.collected
            for secret in self.secrets
            if secret in said
        ]


def test_no_secret_is_anywhere_after_a_faulty_day(day, operator, author, heard, capfd, tmp_path):
    operator.set_password(PASSWORD)
    operator.is_superuser = True
    operator.save()
    connected(day)
    publications = published_badly(day, operator, author)
    taken_down_badly(day, operator, publications)
    browser = signed_in_badly(day, operator)
    channels(day, operator)
    client_link(day, operator)
    looked_at(day, browser, publications)
    programs(day, operator, publications)
    broken(operator)
    written_down(day)
    backed_up(day, tmp_path)
    day.keep("log", heard.getvalue())
    day.keep("console", "".join(capfd.readouterr()))
    assert not day.leaks()
    assert len(day.collected) > 80
    # What was said around the tokens did get here.
    for control in ("Error validating access token", "127.0.0.1:9", "a name that nobody has", "REPORT {"):
        assert any(control in said for _, said in day.collected), control


def connected(day):
    for platform, name, variable in (("facebook", "1001", "PAGE"), ("instagram", "1784", "PROFILE")):
        day.command("connect", platform, "--client", "Lua", "--id", name, "--token-env", variable, "--json")
    assert SocialAccount.objects.count() == 2
    day.command("connect", "facebook", "--client", "Lua", "--id", "1001", "--token-env", "DEAD")


def published_badly(day, operator, author):
    """Also by a platform that repeats the token in what it says."""
    made = []
    for account in SocialAccount.objects.all():
        for kind, when in FAULTS:
            message = f"Error validating access token {account.token}: session has expired"
            Fault.objects.arm("POST *", kind, when=when, message=message)
            picture = [(make.image(), "A loaf")]
            draft = make.draft(account, author, text=f"{kind} {when}", pictures=picture)
            made.append(make.approved(draft, operator, although="The same loaf."))
            day.work()
            Fault.objects.clear()
            made[-1].refresh_from_db()
            if made[-1].state == Publication.State.UNCONFIRMED:
                make.behind_the_back(made[-1], reconcile_at=timezone.now())
                made[-1].reconcile()
    return made


def taken_down_badly(day, operator, publications):
    Fault.objects.arm("DELETE *", "error", message=f"Cannot delete with {PAGE_TOKEN}", times=1)
    for publication in publications:
        publication.refresh_from_db()
        if publication.is_live:
            carry_out(publication.recover(by=operator, reason="Wrong"))
    Fault.objects.arm("* *", "error", code=190, message=f"The token {PAGE_TOKEN} is dead", times=3)
    day.command("check_accounts", "--json")
    Fault.objects.clear()
    with pytest.raises(PlatformError) as refused:
        SocialAccount.objects.get(platform="facebook").connect(token=DEAD_TOKEN)
    day.keep("refusal", refused.value)


def signed_in_badly(day, operator):
    factor = SecondFactor.objects.begin(operator)
    day.secrets += [factor.secret, *factor.confirm(code_of(factor))]
    browser = Client()
    for name, password in ((PASSWORD, "x"), ("olga", "wrong"), ("olga", PASSWORD)):
        answer = browser.post("/login/", {"username": name, "password": password})
        # The browser shows its own person what they typed as a name.
        day.keep("login", "" if name == PASSWORD else answer.content.decode())
    browser.post("/login/code/", {"code": day.secrets[-1]})
    assert browser.get("/you/").status_code == 200
    return browser


def channels(day, operator):
    address = f"json://127.0.0.1:9/{CHANNEL}"
    made = Subscription.objects.subscribe(by=operator, name="Team", url=address, preset="everything")
    with pytest.raises(Refused) as refused:
        made.test(by=operator)
    day.keep("channel", refused.value)
    day.work()


def client_link(day, operator):
    account = SocialAccount.objects.first()
    _, path = make.client_link(account.client, operator)
    day.secrets.append(path.strip("/").rpartition("/")[2])
    Client().get(path)
    Client().post(path)
    Client().get(f"{path}999/")


def programs(day, operator, publications):
    """By the API, live, and as an agent, with a token that works and in ways that do not."""
    _, secret = make.token(operator)
    day.secrets.append(secret)
    held = {"Authorization": f"Bearer {secret}"}
    nouns = (
        "drafts",
        "publications",
        "recoveries",
        "pauses",
        "accounts",
        "notices",
        f"publications/{publications[0].pk}",
    )
    asked = [(f"/api/v1/{noun}", held) for noun in (*nouns, f"accounts/{publications[0].account_id}/health")]
    asked += [(f"/api/v1/nowhere/{secret}", {}), (f"/api/v1/drafts?token={secret}", {}), ("/api/v1/openapi.json", {})]
    asked += [
        ("/api/v1/drafts", {"Authorization": f"Basic {secret}"}),
        ("/metrics", {"Authorization": f"Bearer {METRICS}"}),
    ]
    for path, headers in asked:
        keep_answer(day, requests.get(f"{day.url}{path}", headers=headers, timeout=30))
    keep_answer(day, requests.post(f"{day.url}/api/v1/drafts", json={"text": secret[:9]}, headers=held, timeout=30))
    with requests.get(
        f"{day.url}/api/v1/notices/stream", headers={**held, "Last-Event-ID": "1"}, stream=True, timeout=30
    ) as stream:
        day.keep("stream", next(stream.iter_content(4096)))
    talk = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    known = str(publications[0].pk)
    tools = {"list_drafts": {}, "list_publications": {}, "why_not_going_out": {"publication": known}, secret: {}}
    for name, typed in tools.items():
        params = {"name": name, "arguments": typed}
        accept = {"Accept": "application/json, text/event-stream"}
        told = requests.post(f"{day.url}/mcp", json=talk | {"params": params}, headers=held | accept, timeout=30)
        assert told.status_code == 200
        # It is told the name that it asked for.
        keep_answer(day, told, but=secret if name == secret else "")


def broken(operator):
    """A bug of ours, reported with all that such an error says."""
    try:
        requests.get(f"http://127.0.0.1:9/v26.0/me?access_token={PAGE_TOKEN}", timeout=1)
    except requests.RequestException as error:
        logging.getLogger("publishing").exception("Broken for %s: %s", operator, error)


def keep_answer(day, answer, but=""):
    assert answer.status_code < 500, answer.url
    day.keep(answer.url.partition("?")[0][:60], answer.text.replace(but, "") if but else answer.text)
    day.keep("headers", answer.headers)


def looked_at(day, browser, publications):
    admin = [model for model in apps.get_models() if model._meta.app_label in OURS]
    lists = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin]
    rows = [
        f"{path}{model.objects.first().pk}/change/"
        for path, model in zip(lists, admin, strict=True)
        if model.objects.exists()
    ]
    posts = [publication.get_absolute_url() for publication in publications]
    dossiers = [f"{posts[0]}dossier", f"{posts[0]}dossier.json"]
    pages = ["/", "/queue/", "/review/", "/notices/", "/notices/subscriptions/", "/health/", "/healthz", "/calendar/"]
    day.open(browser, *pages, *posts, *dossiers, *lists, *rows, "/queue/export.csv", "/search/?q=Lua", "/nowhere")


OURS = {"publishing", "approval", "notifications", "signin", "auth", "django_q"}


def written_down(day):
    """Every row of every table, as the database has it. The sandbox is the platform: it knows its tokens."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label != "sandbox":
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                day.keep(model._meta.db_table, json.dumps(cursor.fetchall(), default=str))
    for session in Session.objects.all():
        day.keep("session", session.get_decoded())
    day.command("queue", "--json")
    day.command("dossier", str(Publication.objects.first().pk), "--json")


def backed_up(day, folder):
    """On PostgreSQL the dump is packed. What is in it was read table by table."""
    day.command("backup", str(folder / "desk.tar"), "--json")
    with tarfile.open(folder / "desk.tar") as archive:
        archive.extractall(folder / "desk", filter="data")
    for database in (folder / "desk").glob("*.sqlite3"):
        without_the_sandbox(database)
    for part in (folder / "desk").rglob("*.*"):
        day.keep(part.name, part.read_bytes().decode("latin-1"))


def without_the_sandbox(database):
    with closing(sqlite3.connect(database, isolation_level=None)) as known:
        for (table,) in known.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'sandbox_%' AND type = 'table'"
        ).fetchall():
            known.execute(f'DROP TABLE "{table}"')
        known.execute("VACUUM")
