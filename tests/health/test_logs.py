"""What the log says, for people and for programs; and what it never says."""

import json
import logging
import os
import subprocess
import sys

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as project
from django.http import HttpResponse
from django.test import RequestFactory

from publishing.platforms import memory
from sophia import logs, sentry, tracing
from sophia.heartbeat import name_job

TOKEN = "EAAGm0PX4ZCpsBAKZBtyZCqzZCZAZBZC"
LEAKS = [
    f"GET /v26.0/me?access_token={TOKEN}&fields=id",
    f"Authorization: Bearer {TOKEN}",
    f"It said {TOKEN}.",
    '{"client_secret": "0123456789abcdef"}',
    "postgres://sophia:hunter22@db/desk",
    "redis://:hunter22@redis.internal:6379/0",
    "Not Found: /c/secret-of-a-link/",
    "Not Found: /C/secret-of-a-link/",
    "Not Found: /Calendar/Feeds/secret-of-a-link.ics",
    "Not Found: /calendar/feeds/secret-of-a-link.ics",
    "token gAAAAABmx0123456789abcdefghijkl",
    "key only-for-tests-only-for-tests-only-for-tests-only-for-tests",
]
SECRETS = [TOKEN, "0123456789abcdef", "hunter22", "secret-of-a-link", "only-for-tests"]


@pytest.fixture
def line():
    """One line of the log as `formatter` writes it."""

    def write(formatter, message, *args, error=None):
        exc_info = (type(error), error, None) if error else None
        record = logging.LogRecord("publishing", logging.WARNING, __file__, 1, message, args, exc_info)
        return formatter.format(record)

    return write


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("formatter", [logs.Plain(), logs.Json()], ids=["plain", "json"])
def test_no_secret_is_written(line, formatter, leak):
    written = line(formatter, "Something: %s", leak, error=ValueError(leak))
    assert not [secret for secret in SECRETS if secret in written]
    assert "Something: " in written


def test_a_request_for_another_host_is_one_line():
    settings = logs.configuration("plain", "WARNING")
    (name,) = settings["handlers"]["console"]["filters"]
    record = logging.LogRecord("django.security.DisallowedHost", logging.ERROR, "", 1, "Wrong host.", (), None)
    record.exc_info = (ValueError, ValueError("x"), None)
    assert settings["filters"][name]["()"]().filter(record)
    assert logs.Plain().format(record) == "Wrong host."


def test_a_json_line_is_one_line_and_says_what_it_is_about(line):
    with tracing.about(request="r-1"), tracing.about(publication=7, attempt=12):
        written = line(logs.Json(), "Two\nlines, of “%s”.", "Lua", error=ValueError("Wrong."))
    assert "\n" not in written
    told = json.loads(written)
    assert (told["request"], told["publication"], told["attempt"], told["level"]) == ("r-1", 7, 12, "WARNING")
    assert told["message"] == "Two\nlines, of “Lua”."
    assert "ValueError: Wrong." in told["exception"]


def test_outside_of_everything_a_line_is_about_nothing(line):
    assert set(json.loads(line(logs.Json(), "Hello."))) == {"time", "level", "logger", "message"}


def test_an_attempt_is_named_while_it_runs(publication, monkeypatch):
    heard = []
    prepare = memory.Memory.prepare
    monkeypatch.setattr(memory.Memory, "prepare", lambda *given: heard.append(tracing.subject()) or prepare(*given))
    publication.publish()
    assert heard == [{"publication": publication.pk, "attempt": publication.attempts.get().pk}]
    assert tracing.subject() == {}


def test_a_job_is_named_before_it_runs():
    name_job({"id": "abc"})
    assert tracing.subject() == {"job": "abc"}
    tracing.about_now.set(None)


@pytest.mark.parametrize(("given", "kept"), [("proxy-1.a_B", True), ("a b", False), ("x" * 65, False), ("é", False)])
def test_a_request_keeps_the_name_that_the_proxy_gave_if_it_is_sane(client, db, given, kept):
    answered = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
    assert (answered == given) is kept
    assert tracing.SANE.fullmatch(answered)


def test_each_request_has_another_name(client, db):
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


def test_asynchronous_answers_carry_it_too():
    async def answer(request):
        return HttpResponse(tracing.subject()["request"])

    response = async_to_sync(tracing.named_requests(answer))(RequestFactory().get("/"))
    assert response["X-Request-ID"] == response.content.decode()


def test_sentry_hears_no_secret_no_body_and_no_person():
    event = {
        "request": {
            "method": "POST",
            "url": "https://desk/c/secret-of-a-link/?x=1",
            "data": {"text": "A post"},
            "cookies": {"sessionid": "abc"},
            "headers": {"Authorization": f"Bearer {TOKEN}"},
            "env": {"REMOTE_ADDR": "10.0.0.1"},
        },
        "user": {"email": "olga@example.com"},
        "exception": {"values": [{"value": f"access_token={TOKEN}", "stacktrace": {"frames": ["x"]}}]},
    }
    with tracing.about(publication=7):
        told = sentry.clean(event, {})
    assert told["request"] == {"method": "POST", "url": "https://desk/c/…/"}
    assert told["tags"] == {"publication": "7"}
    assert not [secret for secret in [*SECRETS, "olga", "A post", "10.0.0.1"] if secret in json.dumps(told)]


def started(code, **environment):
    known = os.environ | {"DJANGO_SETTINGS_MODULE": "sophia.settings"} | environment
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=project.BASE_DIR, env=known, capture_output=True, text=True, check=False)


FAILING = """
import logging, sys, django
from django.core.exceptions import ImproperlyConfigured
{before}
try:
    django.setup()
except ImproperlyConfigured as wrong:
    sys.exit(str(wrong))
import sentry_sdk
sent = []
sentry_sdk.get_client().transport.capture_envelope = sent.append
token = "EAAGm0PX4ZCpsBAKZBtyZCqzZCZAZBZC"
try:
    raise ValueError(token)
except ValueError:
    logging.getLogger("publishing").exception("It said %s", token)
[event] = [item.payload.json for envelope in sent for item in envelope.items]
print(token in str(event), "ValueError" in str(event))
"""


def test_an_error_reaches_sentry_without_its_secret():
    told = started(FAILING.format(before=""), SENTRY_DSN="http://key@127.0.0.1:9/1", SOPHIA_LOG_FORMAT="json")
    assert told.stdout.split() == ["False", "True"], told.stderr
    assert json.loads(told.stderr.splitlines()[0])["message"] == "It said …"


CALLING = """
import http.client, http.server, threading
class Channel(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *given):
        pass
channel = http.server.HTTPServer(("127.0.0.1", 0), Channel)
threading.Thread(target=channel.serve_forever, daemon=True).start()
calling = http.client.HTTPConnection("127.0.0.1", channel.server_port)
calling.request("POST", "/bot123456789:EAAGm0PX4ZCpsBAK-secret/sendMessage?topic=secret")
calling.getresponse()
"""


def test_sentry_hears_whom_a_call_was_to_and_not_the_address():
    code = FAILING.format(before="").replace("token =", f"{CALLING}\ntoken =") + "print(event['breadcrumbs'])"
    told = started(code, SENTRY_DSN="http://key@127.0.0.1:9/1").stdout
    assert "'url': 'http://127.0.0.1'" in told
    assert "secret" not in told


def test_without_the_package_the_start_says_how_to_install_it():
    told = started(FAILING.format(before="sys.modules['sentry_sdk'] = None"), SENTRY_DSN="http://key@127.0.0.1:9/1")
    assert told.returncode == 1
    assert "sentry-sdk is not installed. Install it with" in told.stderr


def test_without_a_dsn_it_is_not_imported():
    code = "import django, sys; django.setup(); print('sentry_sdk' in sys.modules)"
    assert started(code, SENTRY_DSN="").stdout.strip() == "False"


TELLING = """
import logging, django
django.setup()
logging.getLogger("django.request").warning("Not Found: %s", "/c/secret-of-a-link/")
"""


def test_in_development_too_everything_is_said_once_and_without_secrets():
    told = started(TELLING, DEBUG="1").stderr
    assert told.count("Not Found: /c/…") == 1
    assert "secret-of-a-link" not in told
