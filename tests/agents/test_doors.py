"""The two transports: stdio for real, with the client of the SDK, and /mcp as the web server calls it."""

import asyncio
import json
import os
import sys

import anyio
import httpx
import pytest
from asgiref.sync import SyncToAsync
from django.conf import settings as ours
from django.core.management import CommandError, call_command
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from approval.agents import serving
from approval.agents.mounted import Mounted
from approval.models import Draft
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
HEADERS = {"Accept": "application/json, text/event-stream", "Authorization": "Bearer wrong"}
UNKNOWN = "Sophia does not know this token. An administrator makes tokens at /tokens/."
TALK = {"jsonrpc": "2.0", "id": 1}


def environment() -> dict[str, str]:
    name = ours.DATABASES["default"]["NAME"]
    url = f"sqlite:///{name}" if ours.DATABASES["default"]["ENGINE"].endswith("sqlite3") else os.environ["DATABASE_URL"]
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.agents.stdio_settings", "TEST_DATABASE": str(name)} | {
        "DATABASE_URL": url
    }


async def converse(*arguments):
    parameters = StdioServerParameters(
        command=sys.executable, args=["manage.py", "mcp", *arguments], env=environment(), cwd=ours.BASE_DIR
    )
    with open(os.devnull, "w") as nowhere:
        async with stdio_client(parameters, errlog=nowhere) as streams, ClientSession(*streams) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            typed = {"account": "facebook:1001", "text": "Fresh bread.", "ref": "a-1"}
            return (
                tools,
                await session.call_tool("submit_draft", typed),
                await session.call_tool("draft_status", {"draft": "a-1"}),
                await session.call_tool("draft_status", {"draft": "a-2"}),
            )


def test_an_agent_submits_over_stdio_and_reads_what_became_of_it(page, author, caplog):
    tools, submitted, status, refused = anyio.run(converse, "--by", author.username)
    assert len(tools) == 7
    assert all("person" not in tool.inputSchema["properties"] for tool in tools)
    assert submitted.structuredContent["result"] == "created"
    assert status.structuredContent["decisions"][0]["by"] == "anna"
    assert (refused.isError, "No draft has the id" in refused.content[0].text) == (True, True)
    assert Draft.objects.get().author == author
    assert "Failed to parse" not in caplog.text, "Something else was printed on stdout."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "SOPHIA_TOKEN"),
        (["--by", "nobody"], "no user “nobody”"),
        (["--by", "anna", "--images", "/nowhere"], "no folder /nowhere"),
    ],
)
def test_it_does_not_start_without_somebody_who_acts(author, monkeypatch, arguments, said):
    monkeypatch.delenv("SOPHIA_TOKEN", raising=False)
    with pytest.raises(CommandError, match=said):
        call_command("mcp", *arguments)


def test_it_does_not_start_with_a_token_that_is_not_known(author, monkeypatch):
    monkeypatch.setenv("SOPHIA_TOKEN", "wrong")
    with pytest.raises(CommandError, match="does not know this token"):
        call_command("mcp")


@pytest.fixture
def web():
    """Asks /mcp as the server would, and everything else of Django."""

    async def django(scope, receive, send):
        await send({"type": "http.response.start", "status": 418, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def ask(method, path, message, headers):
        transport = httpx.ASGITransport(Mounted(django))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            sent = {name: value for name, value in (TALK | message).items() if value is not ...}
            return await client.request(method, path, json=sent, headers=headers)

    return lambda message, path="/mcp", method="POST", **headers: anyio.run(
        ask, method, path, message, HEADERS | headers
    )


def call(tool, **typed):
    return {"method": "tools/call", "params": {"name": tool, "arguments": typed}}


@pytest.fixture
def held(author):
    """The header of a token that may only write drafts."""
    return f"Bearer {make.token(author, 'drafts:write')[1]}"


def test_an_agent_submits_over_http_with_a_token(web, page, held):
    answer = web(call("submit_draft", account=page.label, text="Fresh bread."), Authorization=held)
    assert answer.json()["result"]["structuredContent"]["state"] == "in_review"
    refused = web(call("list_publications"), Authorization=held).json()["result"]
    assert refused["isError"]
    assert "lacks the scope publications:read" in refused["content"][0]["text"]


def test_without_a_token_that_is_known_there_is_no_door(web):
    answer = web({"method": "tools/list"}, Authorization="Bearer wrong")
    assert (answer.status_code, json.loads(answer.content)["detail"]) == (401, UNKNOWN)


def test_a_token_in_a_hurry_is_told_when_to_come_back(web, held, settings):
    settings.SOPHIA_API_REQUESTS_PER_MINUTE = 1
    assert web({"method": "tools/list"}, Authorization=held).status_code == 200
    answer = web({"method": "tools/list"}, Authorization=held)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 61


def test_a_token_that_is_revoked_is_refused_at_the_next_call(web, page, author, boss):
    token, secret = make.token(author)
    assert web({"method": "tools/list"}, Authorization=f"Bearer {secret}").status_code == 200
    token.revoke(by=boss)
    assert web({"method": "tools/list"}, Authorization=f"Bearer {secret}").status_code == 401


def test_no_stream_is_opened(web):
    assert web({}, method="GET").status_code == 405


def test_every_other_address_is_left_to_django(web):
    assert web({}, path="/mcp-is-elsewhere").status_code == 418


def test_two_tokens_at_once_act_each_for_its_own(page, author, operator):
    make.draft(page, author)
    elsewhere = make.account("facebook", "2002", client="Sol")

    async def ask(client, secret):
        headers = HEADERS | {"Authorization": f"Bearer {secret}"}
        answer = await client.post("/mcp", json=TALK | call("list_drafts"), headers=headers)
        return len(answer.json()["result"]["structuredContent"]["drafts"])

    async def both():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Mounted(None)), base_url="http://desk") as client:
            return await asyncio.gather(*(ask(client, secret) for secret in secrets * 5))

    secrets = [make.token(author)[1], make.token(operator, clients=[elsewhere.client])[1]]
    assert anyio.run(both) == [1, 0] * 5


def test_the_tools_are_described_once_for_all_requests(web, held, monkeypatch):
    described, server_for = [], serving.server_for
    monkeypatch.setattr(
        "approval.agents.serving.server_for", lambda *given: described.append(given) or server_for(*given)
    )
    serving.server_for_all.cache_clear()
    for _ in range(3):
        assert web({"method": "tools/list"}, Authorization=held).status_code == 200
    assert len(described) == 1


def test_what_an_agent_sent_is_not_logged_when_it_is_no_request(web, held, caplog):
    notice = {**call("submit_draft", text="Not yet public"), "id": ...}
    assert web(notice, Authorization=held).status_code == 202
    assert "Not yet public" not in caplog.text


def told(answer):
    return answer.json()["result"]["content"][0]["text"]


def test_a_fault_of_ours_is_logged_and_its_details_not_told(web, held, monkeypatch, caplog):
    monkeypatch.setattr("approval.agents.writing.submit", lambda *given: 1 / 0)
    answer = web(call("submit_draft", account="facebook:1001", text="Bread"), Authorization=held)
    assert answer.json()["result"]["isError"]
    assert "Sophia has a fault" in told(answer)
    assert "division" not in told(answer)
    assert "ZeroDivisionError" in caplog.text


def test_what_is_no_text_is_refused_with_a_sentence(web, author):
    answer = web(call("draft_status", draft="a\0"), Authorization=f"Bearer {make.token(author)[1]}")
    assert "“draft” holds a character that is not text" in told(answer)


def test_a_slow_sender_holds_no_thread(held):
    threads = []

    async def receive():
        threads.append(len(SyncToAsync.context_to_thread_executor))
        return {"type": "http.disconnect"}

    async def send(message):
        pass

    typed = HEADERS | {"Authorization": held, "Content-Type": "application/json"}
    headers = [(name.lower().encode(), value.encode()) for name, value in typed.items()]
    anyio.run(serving.over_http, {"type": "http", "method": "POST", "path": "/mcp", "headers": headers}, receive, send)
    assert set(threads) == {0}


def test_an_argument_that_no_tool_takes_is_refused_with_the_nearest(web, page, held):
    typed = {"account": page.label, "text": "Bread.", "image_urls": ["https://lua.example/loaf.jpg"]}
    answer = web(call("submit_draft", **typed), Authorization=held)
    assert answer.json()["result"]["isError"]
    assert "“image_urls” is not known here. Is “images” meant?" in told(answer)
    assert not Draft.objects.exists()


def test_no_tool_says_that_it_takes_more_than_it_names(web, held):
    tools = web({"method": "tools/list"}, Authorization=held).json()["result"]["tools"]
    assert {tool["inputSchema"]["additionalProperties"] for tool in tools} == {False}
