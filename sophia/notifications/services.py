"""The services that a subscription may use, and what each one asks for."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Service:
    name: str
    example: str
    how: str
    """Where the parts of an address come from."""
    limit: int
    """The longest body, counted by `size`. Documented: Telegram 4096 and Discord 2000 characters, ntfy 4096 bytes."""
    size: Callable[[str], int] = len
    may_say: frozenset[str] = frozenset()
    """Parameters that an address may carry."""
    has_title: bool = False
    has_own_host: bool = False
    dress: Callable[[str], str] = str
    """What Apprise does not escape for this service."""


def as_html(text: str) -> int:
    return len(escape(text)) + text.count("\n")


def as_json(text: str) -> int:
    """Never fewer than the bytes of the text: ntfy counts those, and Apprise counts these."""
    return len(json.dumps(text))


def quiet_markdown(text: str) -> str:
    """Discord draws Markdown and mentions in every text: marks get a backslash, and no @ stands before a name.

    Links stay as they are: a backslash inside would be part of them.
    """
    pieces = re.split(r"(https?://\S+)", text)
    pieces[::2] = [re.sub(r"([\\*_~`|\[\]<>#])", r"\\\1", piece) for piece in pieces[::2]]
    return "".join(pieces).replace("@", "@\u200b")


def as_quiet_markdown(text: str) -> int:
    return len(quiet_markdown(text))


TELEGRAM = Service(
    "Telegram",
    "tgram://123456789:bot-token/chat-id",
    "Ask @BotFather for a bot, add it to the chat, and take the chat’s number from its getUpdates.",
    4096,
    as_html,
    frozenset({"topic", "silent"}),
)
SLACK = Service(
    "Slack",
    "slack://T0000000/B0000000/token",
    "The three parts at the end of an incoming webhook’s address. Or slack://xoxb-…/#channel for a bot.",
    3000,
    as_html,
)
DISCORD = Service(
    "Discord",
    "discord://webhook-id/webhook-token",
    "The two parts at the end of the address of a channel’s webhook.",
    2000,
    as_quiet_markdown,
    dress=quiet_markdown,
)
MAIL = Service(
    "E-mail",
    "mailtos://user:password@smtp.example.com?from=sophia@example.com&to=team@example.com",
    "Your own mail server and an account on it. A sign such as @ inside the user’s name is written %40.",
    20_000,
    may_say=frozenset({"to", "from", "name", "smtp", "mode", "user", "pass"}),
    has_title=True,
    has_own_host=True,
)
NTFY = Service(
    "ntfy",
    "ntfys://ntfy.example.com/topic",
    "A topic on your own server, or ntfy://topic on ntfy.sh. Whoever knows the topic can read it.",
    4000,
    as_json,
    has_own_host=True,
)
JSON = Service(
    "JSON",
    "jsons://hooks.example.com/path",
    "A web hook of yours, which gets title and message. Only hosts in SOPHIA_NOTICE_HOSTS.",
    30_000,
    has_title=True,
    has_own_host=True,
)
SERVICES = {
    "tgram": TELEGRAM,
    "slack": SLACK,
    "discord": DISCORD,
    "mailto": MAIL,
    "mailtos": MAIL,
    "ntfy": NTFY,
    "ntfys": NTFY,
    "json": JSON,
    "jsons": JSON,
}
