import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from publishing.platforms.base import Content, Credentials, Fate, Kind, MustGoByHand, PlatformError, Receipt, Sight
from publishing.platforms.through_mcp.facebook import FacebookThroughMcp
from publishing.platforms.through_mcp.pool import SERVERS, Said
from tests.asgi import wait_until
from tests.platforms.scripted import GONE, HANG, RESET, TOKEN, Scripted, raw, refuses, says
from tests.platforms.served_by_mcp import standin

MCP = {"way": "mcp", "images": []}
POST = "1001_5"
DIES = raw(b"", 599)


@pytest.fixture(scope="module")
def scripted():
    """One for the module, and so one process of the server."""
    scripted = Scripted()
    yield scripted
    SERVERS.close()
    scripted.close()


@pytest.fixture
def server(scripted):
    scripted.requests.clear()
    scripted.script.clear()
    yield scripted
    assert not scripted.surprises
    assert not scripted.script, "The script has answers that nobody asked for."


@pytest.fixture
def facebook(server, settings):
    settings.SOPHIA_MCP = {"facebook": standin("facebook", server.url)}
    return FacebookThroughMcp(Credentials("1001", TOKEN), base_url=server.url, version="v26.0")


def refusal_of(facebook, content) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        facebook.commit(content, facebook.prepare(content))
    assert TOKEN not in str(caught.value)
    return caught.value


def test_a_text_is_posted_by_its_tool_and_its_address_read_directly(facebook, server, text):
    server.answers(says(id=POST), says(id=POST, permalink_url="https://facebook.com/5"))
    assert facebook.commit(text, facebook.prepare(text)) == Receipt(POST, "https://facebook.com/5")
    assert server.asked == ["POST /v22.0/1001/feed", f"GET /v26.0/{POST}"]
    assert server.requests[0].params == {"access_token": TOKEN, "message": text.text}


def test_an_image_is_posted_by_its_address_and_the_post_is_the_one_that_shows_it(facebook, server, picture):
    server.answers(says(id="77", post_id=POST), says(id=POST, permalink_url="https://facebook.com/5"))
    content = Content("Bread", images=(picture,))
    assert facebook.commit(content, facebook.prepare(content)).post_id == POST
    assert server.requests[0].params == {"access_token": TOKEN, "url": picture.url, "caption": "Bread"}


@pytest.mark.parametrize("shown", [GONE, says(id=POST, is_published=False)])
def test_a_post_that_facebook_does_not_show_is_not_told_to_be_out(facebook, server, text, shown):
    server.answers(says(id=POST), shown)
    refused = refusal_of(facebook, text)
    assert (refused.kind, "does not show it" in str(refused)) == (Kind.UNKNOWN, True)


def test_an_image_whose_post_is_not_told_is_looked_for(facebook, server, picture):
    server.answers(says(id="77"))
    assert refusal_of(facebook, Content("Bread", images=(picture,))).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refuses(190, 463), Kind.AUTH),
        (refuses(4), Kind.WAIT),
        (refuses(100), Kind.REJECTED),
        (refuses(506), Kind.UNKNOWN),
        (refuses(1), Kind.UNKNOWN),
        (says(), Kind.UNKNOWN),
        (says(id=POST, success=False), Kind.UNKNOWN),
        (raw(b"<html>Bad gateway</html>", 502), Kind.UNKNOWN),
        (RESET, Kind.UNKNOWN),
    ],
)
def test_what_graph_says_is_classed_though_the_tool_calls_it_no_error(facebook, server, text, answer, kind):
    server.answers(answer)
    assert refusal_of(facebook, text).kind is kind


def test_the_call_is_kept_as_evidence_with_the_numbers_of_the_refusal(facebook, server, text):
    server.answers(refuses(4, 2207051))
    refusal_of(facebook, text)
    [call] = facebook.calls
    kept = (call.verb, call.method, call.path, call.status, call.code, call.subcode)
    assert kept == ("publish", "MCP", "post_to_facebook", None, 4, 2207051)


def test_a_server_that_dies_with_the_call_leaves_it_unknown_and_runs_again(facebook, server, text):
    server.answers(DIES)
    assert "stopped in the middle" in str(refused := refusal_of(facebook, text))
    assert refused.kind is Kind.UNKNOWN
    server.answers(says(id=POST), says(id=POST))
    assert facebook.commit(text, MCP).post_id == POST
    assert len({request.headers["X-Pid"] for request in server.requests[:2]}) == 2


def test_a_call_that_hangs_is_given_up_and_leaves_it_unknown(facebook, server, text, monkeypatch):
    facebook.check_server()
    monkeypatch.setattr("publishing.platforms.through_mcp.pool.LEAST", 0)
    gone = time.monotonic() - facebook.graph.began
    monkeypatch.setattr("publishing.platforms.through_mcp.tools.LAST", gone + 6)
    server.answers(HANG)
    hanging = SERVERS.running["facebook:1001"]
    refused = refusal_of(facebook, text)
    assert (refused.kind, hanging.is_alive) == (Kind.UNKNOWN, False)
    server.script.clear()


def test_a_server_that_died_before_the_call_is_started_again_first(facebook, server, text):
    server.answers(says(id=POST), says(id=POST), says(id="1001_6"), says(id="1001_6"))
    facebook.commit(text, MCP)
    os.kill(int(server.requests[0].headers["X-Pid"]), signal.SIGKILL)
    wait_until(lambda: not SERVERS.running["facebook:1001"].is_alive)
    assert facebook.commit(text, MCP).post_id == "1001_6"


def test_a_server_that_nobody_calls_is_let_go(facebook, monkeypatch):
    monkeypatch.setattr("publishing.platforms.through_mcp.running.IDLE", 0)
    SERVERS.close()
    facebook.check_server()
    wait_until(lambda: not SERVERS.running["facebook:1001"].is_alive)


def test_its_environment_has_nothing_of_ours(facebook, server, text, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "ours")
    server.answers(says(id=POST), says(id=POST))
    facebook.commit(text, MCP)
    told = set(server.requests[0].headers["X-Environment"].split(","))
    harmless = {"HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "LC_CTYPE"}
    assert told - harmless == {"FACEBOOK_ACCESS_TOKEN", "FACEBOOK_PAGE_ID"}


def test_no_token_is_left_of_what_it_writes(facebook, server, text, caplog):
    caplog.set_level(logging.DEBUG)
    SERVERS.close()  # What it writes at its start counts as well.
    server.answers(raw(b"", 598))
    refused = refusal_of(facebook, text)
    running = SERVERS.running["facebook:1001"]
    wait_until(lambda: running.said)
    assert "access_token=…" in str(refused)
    assert TOKEN not in "".join([*running.said, caplog.text, repr(running.launch), repr(facebook.calls)])


def test_what_it_posted_is_removed_by_its_tool_and_read_directly(facebook, server):
    server.answers(says(id=POST), says(success=True), GONE)
    assert facebook.remove(POST) is Sight.GONE
    assert server.asked == [f"GET /v26.0/{POST}", f"DELETE /v22.0/{POST}", f"GET /v26.0/{POST}"]


def test_a_post_that_it_may_not_delete_is_for_a_person(facebook, server):
    server.answers(says(id=POST), GONE, GONE, says(id=POST))
    with pytest.raises(MustGoByHand):
        facebook.remove(POST)


def test_where_the_tool_fails_graph_deletes(facebook, server):
    server.answers(says(id=POST), raw(b"", 598), says(success=True), GONE)
    assert facebook.remove(POST) is Sight.GONE
    assert server.asked[1:3] == [f"DELETE /v22.0/{POST}", f"DELETE /v26.0/{POST}"]


def test_where_the_server_does_not_run_graph_deletes(facebook, server, monkeypatch):
    monkeypatch.setattr(facebook, "launch", refuse_to_start)
    server.answers(says(id=POST), says(success=True), GONE)
    assert facebook.remove(POST) is Sight.GONE


def refuse_to_start():
    raise PlatformError(Kind.AUTH, "This account publishes through MCP. The setting is empty.")


def test_what_became_of_a_lost_answer_is_read_directly(facebook, server, text, since):
    listed = {"id": POST, "message": text.text, "created_time": "2026-11-23T09:00:05+0000", "permalink_url": ""}
    server.answers(says(data=[listed]))
    found = facebook.find(text, MCP, since, frozenset())
    assert (found.fate, found.receipt) == (Fate.UNSURE, None)
    assert [candidate.receipt.post_id for candidate in found.candidates] == [POST]


def test_what_was_prepared_directly_starts_over(facebook, server, text):
    with pytest.raises(PlatformError) as caught:
        facebook.commit(text, {"way": "two_step", "post_id": POST, "photos": []})
    assert (caught.value.kind, caught.value.start_over) == (Kind.RETRY, True)


def test_checking_the_account_starts_the_server(facebook, server):
    server.answers(says(id="1001", name="Lua"))
    assert facebook.check().details[0].startswith("publishes through FacebookMCP")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["/nowhere/python"], "/nowhere/python: No such file or directory"),
        (["/bin/sh", "-c", "echo wrong $FACEBOOK_ACCESS_TOKEN >&2"], "It says: “wrong …”"),
        (["/bin/true"], "without a word"),
    ],
)
def test_a_server_that_does_not_start_has_sent_nothing(facebook, settings, text, command, said):
    settings.SOPHIA_MCP = {"facebook": command}
    refused = refusal_of(facebook, text)
    assert refused.kind is Kind.RETRY
    assert said in str(refused)
    assert not facebook.calls


def test_a_server_that_is_still_starting_at_the_end_has_sent_nothing(facebook, settings, text, monkeypatch):
    settings.SOPHIA_MCP = {"facebook": ["/bin/sleep", "60"]}
    gone = time.monotonic() - facebook.graph.began
    monkeypatch.setattr("publishing.platforms.through_mcp.tools.LAST", gone + 12)
    refused = refusal_of(facebook, text)
    assert (refused.kind, "took too long to start" in str(refused)) == (Kind.RETRY, True)


def test_a_platform_that_the_server_cannot_reach_has_heard_nothing(facebook, settings, nowhere, text):
    settings.SOPHIA_MCP = {"facebook": standin("facebook", nowhere)}
    assert refusal_of(facebook, text).kind is Kind.RETRY


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        ("NewConnectionError('<x>: refused')", Kind.RETRY),
        ("ProxyError('Cannot connect to proxy.', NewConnectionError('<x>: refused'))", Kind.RETRY),
        ("ProxyError('Cannot connect to proxy.', RemoteDisconnected('without response'))", Kind.UNKNOWN),
        ("ProxyError('Cannot connect to proxy.', ConnectionResetError(104, 'reset'))", Kind.UNKNOWN),
    ],
)
def test_only_what_could_not_connect_has_never_left(facebook, cause, kind):
    said = Said(True, f"Error executing tool: Max retries exceeded with url: /feed (Caused by {cause})", None)
    assert facebook.refused(said, said.text, {}, irreversible=True).kind is kind


def test_a_server_that_lacks_a_tool_is_not_used(facebook, monkeypatch, text):
    monkeypatch.setattr(FacebookThroughMcp, "tools", FacebookThroughMcp.tools | {"unpost"})
    assert "lacks the tools unpost" in str(refusal_of(facebook, text))


WORKER = """
import sys, django; django.setup()
from django.conf import settings
from publishing.platforms.base import Content, Credentials
from publishing.platforms.through_mcp.facebook import FacebookThroughMcp
assert "mcp" not in sys.modules
settings.SOPHIA_MCP = {"facebook": sys.argv[2:]}
facebook = FacebookThroughMcp(Credentials("1001", "token"), base_url=sys.argv[1], version="v26.0")
facebook.commit(Content("Bread"), {"way": "mcp", "images": []})
"""


@pytest.mark.parametrize("wrapper", [[], ["sh", "-c", '"$@"; true', "sh"], ["setsid", "--wait"]], ids=" ".join)
def test_a_server_ends_with_the_worker_that_started_it_even_if_both_hang(server, wrapper):
    server.answers(HANG)
    command = [sys.executable, "-c", WORKER, server.url, *wrapper, *standin("facebook", server.url)]
    worker = subprocess.Popen(command, env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"})
    wait_until(lambda: server.requests)
    worker.kill()
    worker.wait()
    wait_until(lambda: not runs(int(server.requests[0].headers["X-Pid"])), 8)


def runs(pid) -> bool:
    """A process that has ended and that nobody has asked about yet does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
