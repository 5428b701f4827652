"""Over real HTTP and SMTP: that each service gets the request that its documentation asks for, rightly escaped."""

import io
import logging

import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.ntfy import NotifyNtfy
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram

from sophia.notifications import channels
from sophia.notifications.channels import ChannelError, send
from sophia.notifications.wording import Message
from tests.notices.standins import Mailbox, Silence, WebHook

TAIL = "Client: Café Lua & Söhne\nhttps://desk.example.com/queue/5/?a=1&b=2"
HOSTILE = "a <b>bold</b> & *_[x](https://evil.example/_a_) `q` <@123> <!channel> @everyone\nline two"
MESSAGE = Message("A post failed", HOSTILE, TAIL)
LONG = Message("A post failed", "<&*é" * 2500, TAIL)

TOKEN = "abcdefghij_klmnopqrstuvwxyz-ABCDEFG"
TELEGRAM = f"tgram://123456789:{TOKEN}/-1001"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
BOT = "slack://xoxb-1234-1234-4ddbc191d40ee098cbaae6f3523ada2d/#general"
DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"


@pytest.fixture
def hook(settings, monkeypatch):
    """Stands in for all services: Apprise has their addresses in its classes."""
    with WebHook() as served:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{served.base}/bot")
        monkeypatch.setattr(NotifySlack, "webhook_url", f"{served.base}/services")
        monkeypatch.setattr(NotifySlack, "api_url", f"{served.base}/api/{{}}")
        monkeypatch.setattr(NotifyDiscord, "notify_url", f"{served.base}/api/webhooks")
        monkeypatch.setattr(NotifyNtfy, "cloud_notify_url", served.base)
        settings.SOPHIA_NOTICE_HOSTS = [served.host]
        yield served


@pytest.fixture
def mailbox(settings):
    with Mailbox() as served:
        settings.SOPHIA_NOTICE_HOSTS = [served.host]
        yield served


def test_telegram_gets_its_html_escaped(hook):
    hook.answer = b'{"ok": true, "result": {}}'
    send(TELEGRAM, MESSAGE)
    path, headers, payload = hook.got[0]
    assert path == f"/bot123456789:{TOKEN}/sendMessage"
    assert headers["Content-Type"] == "application/json"
    assert (payload["chat_id"], payload["parse_mode"]) == (-1001, "HTML")
    assert "a &lt;b&gt;bold&lt;/b&gt; &amp; *_[x]" in payload["text"]
    assert "&lt;!channel&gt;" in payload["text"]
    assert "Client: Café Lua &amp; Söhne" in payload["text"]
    assert payload["text"].endswith("https://desk.example.com/queue/5/?a=1&amp;b=2")


def test_telegrams_refusal_is_said_without_the_token(hook):
    hook.refuse(400, b'{"ok": false, "error_code": 400, "description": "Bad Request: chat not found"}')
    with pytest.raises(ChannelError, match="Bad Request: chat not found") as refused:
        send(TELEGRAM, MESSAGE)
    assert TOKEN not in str(refused.value)


def test_slack_gets_its_control_characters_escaped(hook):
    send(SLACK, MESSAGE)
    path, headers, payload = hook.got[0]
    assert path == "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    assert headers["Content-Type"].startswith("application/json")
    text = payload["attachments"][0]["text"]
    assert "a &lt;b&gt;bold&lt;/b&gt; &amp; *_" in text
    assert "<" not in text
    assert payload["mrkdwn"] is False


def test_a_slack_bot_posts_with_its_token_in_a_header(hook):
    hook.answer = b'{"ok": true, "channel": "C1", "ts": "1"}'
    send(BOT, MESSAGE)
    path, headers, payload = hook.got[0]
    assert path == "/api/chat.postMessage"
    assert headers["Authorization"].startswith("Bearer xoxb-")
    assert payload["channel"] == "#general"


def test_slack_says_no_with_status_200(hook):
    hook.answer = b'{"ok": false, "error": "not_in_channel"}'
    with pytest.raises(ChannelError, match="Slack"):
        send(BOT, MESSAGE)


def test_discord_draws_no_markdown_and_wakes_nobody(hook):
    hook.status = 204
    send(DISCORD, MESSAGE)
    path, _, payload = hook.got[0]
    assert path == "/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
    assert r"a \<b\>bold\</b\> & \*\_\[x\](" in payload["content"]
    assert "@everyone" not in payload["content"]
    assert "<@1" not in payload["content"]
    assert payload["content"].endswith("https://desk.example.com/queue/5/?a=1&b=2")
    assert "avatar_url" not in payload


@pytest.mark.parametrize("address", ["ntfy://{host}/alerts", "ntfy://alerts"])
def test_ntfy_gets_topic_and_message(hook, address):
    send(address.format(host=hook.host), MESSAGE)
    path, headers, payload = hook.got[0]
    assert (path, payload["topic"]) == ("/", "alerts")
    assert payload["message"] == f"{HOSTILE}\n\n{TAIL}"
    assert not {"X-Markdown", "X-Icon", "X-Actions"} & headers.keys()


def test_a_web_hook_gets_json(hook):
    send(hook.url, MESSAGE)
    path, _, payload = hook.got[0]
    assert (path, payload["title"]) == ("/secret-path", "A post failed")
    assert payload["message"] == f"{HOSTILE}\n\n{TAIL}"


def test_a_mail_has_one_line_of_subject_and_plain_text(mailbox):
    send(mailbox.url, Message("A post\r\nBcc: victim@example.com\r\n\r\nfailed", HOSTILE, TAIL))
    envelope, mail = mailbox.got[0]
    assert envelope.rcpt_tos == ["team@example.com"]
    assert (mail["From"], mail["To"]) == ("sophia@example.com", "team@example.com")
    assert mail["Subject"] == "A post Bcc: victim@example.com failed"
    assert mail["Bcc"] is None
    assert mail.get_content_type() == "text/plain"
    assert "a <b>bold</b> & *_[x]" in mail.get_content()
    assert mail.get_content().rstrip().endswith("?a=1&b=2")


def test_a_mail_that_is_refused_says_so(mailbox):
    mailbox.refuse()
    with pytest.raises(ChannelError, match="550"):
        send(mailbox.url, MESSAGE)


LIMITS = [
    (TELEGRAM, 4096, lambda payload: payload["text"]),
    (SLACK, 40_000, lambda payload: payload["attachments"][0]["text"]),
    (DISCORD, 2000, lambda payload: payload["content"]),
    ("ntfy://alerts", 4096, lambda payload: payload["message"]),
]


@pytest.mark.parametrize(("address", "limit", "text_of"), LIMITS, ids=["Telegram", "Slack", "Discord", "ntfy"])
def test_a_text_that_is_too_long_is_cut_once_and_keeps_its_link(hook, address, limit, text_of):
    hook.answer = b'{"ok": true}' if address is TELEGRAM else b"ok"
    send(address, LONG)
    (payload,) = hook.payloads
    text = text_of(payload)
    assert len(text.encode() if "ntfy" in address else text) <= limit
    assert "…" in text
    assert "queue/5/?a=1" in text
    assert not text.partition("…")[0].endswith("&")


def test_a_channel_that_never_answers_is_given_up(settings, monkeypatch):
    monkeypatch.setattr(channels, "READ_WITHIN", 0.2)
    with Silence() as silence:
        settings.SOPHIA_NOTICE_HOSTS = [silence.host]
        with pytest.raises(ChannelError, match="JSON"):
            send(silence.url, MESSAGE)


def test_a_channel_that_takes_too_long_is_not_waited_for(settings, monkeypatch):
    monkeypatch.setattr(channels, "SEND_WITHIN", 0.3)
    monkeypatch.setattr(channels, "READ_WITHIN", 1.0)
    with Silence() as silence:
        settings.SOPHIA_NOTICE_HOSTS = [silence.host]
        with pytest.raises(ChannelError, match="no answer within 0 s"):
            send(silence.url, MESSAGE)


def test_a_redirect_is_not_followed(hook):
    with WebHook() as inside:
        hook.status, hook.headers = 307, {"Location": f"{inside.base}/metadata"}
        with pytest.raises(ChannelError):
            send(hook.url, MESSAGE)
        assert inside.got == []


@pytest.fixture
def logged(monkeypatch):
    """Everything that any logger lets through to the root's handlers, as with LOG_LEVEL=DEBUG."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    monkeypatch.setattr(root, "handlers", [handler])
    monkeypatch.setattr(root, "level", logging.DEBUG)
    return written


def test_no_log_line_and_no_sentence_holds_the_address(hook, mailbox, settings, logged):
    settings.SOPHIA_NOTICE_HOSTS = ["127.0.0.1"]
    hook.refuse()
    mailbox.refuse()
    for address in (TELEGRAM, SLACK, BOT, DISCORD, "ntfy://secret-topic", hook.url, mailbox.url):
        with pytest.raises(ChannelError) as refused:
            send(address, MESSAGE)
        said = logged.getvalue() + str(refused.value)
        for secret in (TOKEN, "TIiajkdnlazk", "xoxb", "JHMHI8qBe7bk", "secret"):
            assert secret not in said


def test_a_server_that_is_away_is_named_without_the_address(hook, settings):
    settings.SOPHIA_NOTICE_HOSTS = ["127.0.0.1"]
    with pytest.raises(ChannelError, match=r"E-mail: .*Connection refused") as refused:
        send("mailto://user:secret-word@127.0.0.1:9?from=a@example.com&to=b@example.com", MESSAGE)
    assert "secret-word" not in str(refused.value)
