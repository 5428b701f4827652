"""The only place that knows Apprise: checks the address of a channel, and sends one message to it.

Nothing that an address says may change how text is escaped, what is verified or where redirects lead: an address may
carry only the parameters named here. Apprise logs addresses in places, so its log goes nowhere (settings.LOGGING).
Its six services alone are imported, 9 MB; all of them would be 35. `Subscription` loads this when it checks or sends.
"""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat
from apprise.exception import AppriseException
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.email import NotifyEmail
from apprise.plugins.ntfy import NotifyNtfy
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram
from apprise.result import AppriseResultStatus
from django.conf import settings

from sophia.notifications import hosts
from sophia.notifications.wording import Message
from sophia.refusals import NotAcceptable

CONNECT_WITHIN, READ_WITHIN = 5.0, 10.0
"""Seconds for one answer of a socket."""
SEND_WITHIN = 20.0
"""Seconds for one message, whatever the other side does. What it does after that is not waited for."""
LONGEST_ADDRESS = 1000
UNREADABLE = (AppriseException, AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What Apprise raises for addresses that it cannot read: of some it checks little."""

ANSWER = "Socket Exception: "

Parts = dict[str, Any]


class ChannelError(Exception):
    """The message did not arrive, as far as Sophia knows. A sentence, without anything secret."""


@dataclass(frozen=True)
class Service:
    name: str
    plugin: type[NotifyBase]
    example: str
    limit: int
    """The longest body, counted by `size`. Telegram and Discord document 4096 and 2000 characters, ntfy 4096 bytes."""
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


MAIL = Service(
    "E-mail",
    NotifyEmail,
    "mailtos://user:password@smtp.example.com?from=sophia@example.com&to=team@example.com",
    20_000,
    may_say=frozenset({"to", "from", "name", "smtp", "mode", "user", "pass"}),
    has_title=True,
    has_own_host=True,
)
NTFY = Service("ntfy", NotifyNtfy, "ntfys://ntfy.example.com/topic", 4000, as_json, has_own_host=True)
JSON = Service("JSON", NotifyJSON, "jsons://hooks.example.com/path", 30_000, has_title=True, has_own_host=True)
TELEGRAM = Service(
    "Telegram", NotifyTelegram, "tgram://123456789:bot-token/chat-id", 4096, as_html, frozenset({"topic", "silent"})
)
SLACK = Service("Slack", NotifySlack, "slack://T0000000/B0000000/token-of-the-webhook", 3000, as_html)
DISCORD = Service(
    "Discord",
    NotifyDiscord,
    "discord://webhook-id/webhook-token",
    2000,
    lambda text: len(quiet_markdown(text)),
    dress=quiet_markdown,
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


def examine(address: str) -> str:
    """What may be shown of it: the service, and the host where that is not secret. NotAcceptable with a sentence."""
    scheme, parts = taken_apart(address)
    plugin = plugin_of(scheme, parts)
    try:
        host = reachable_host(scheme, plugin)
    except hosts.Unreachable as problem:
        raise NotAcceptable(str(problem)) from None
    return f"{SERVICES[scheme].name} at {host}" if host else SERVICES[scheme].name


def send(address: str, message: Message) -> None:
    """Returns when the service has taken it. ChannelError when it has not, or nobody knows."""
    try:
        scheme, parts = taken_apart(address)
        plugin = plugin_of(scheme, parts)
        reachable_host(scheme, plugin)
    except (NotAcceptable, hosts.Unreachable) as problem:
        raise ChannelError(str(problem)) from None
    service = SERVICES[scheme]
    courier = Apprise(asset=plugin.asset)
    courier.add(plugin)
    result = courier.notify(
        body=service.dress(message.fitted(service.limit, service.size)),
        title=message.subject if service.has_title else "",
        body_format=NotifyFormat.TEXT,
        log_level=logging.DEBUG if service is MAIL else logging.WARNING,
    )
    if not result:
        raise ChannelError(f"{service.name}: {redacted(reason_of(result), scheme, parts)}")


def taken_apart(address: str) -> tuple[str, Parts]:
    scheme, separator, rest = address.partition("://")
    scheme = scheme.lower()
    service = SERVICES.get(scheme)
    if not separator or service is None:
        known = ", ".join(f"{name}://" for name in SERVICES)
        raise NotAcceptable(f"An address starts with one of {known}. For example {TELEGRAM.example}")
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address:
        raise NotAcceptable(f"Write one address, without spaces and line breaks. It looks like {service.example}")
    parts = parsed(service, f"{scheme}://{rest}")
    if surplus := sorted(set(parts["qsd"]) - service.may_say):
        raise NotAcceptable(f"The address may not say “{surplus[0]}”. It looks like {service.example}")
    return scheme, parts


def parsed(service: Service, address: str) -> Parts:
    try:
        parts: Parts | None = service.plugin.parse_url(address.replace("/#", "/%23"))
    except UNREADABLE:
        parts = None
    if not parts:
        raise NotAcceptable(f"This is no address of {service.name}. It looks like {service.example}")
    return parts


def plugin_of(scheme: str, parts: Parts) -> Any:
    service = SERVICES[scheme]
    try:
        plugin: Any = service.plugin(**parts, asset=our_asset())
    except UNREADABLE:
        raise NotAcceptable(f"This is no address of {service.name}. It looks like {service.example}") from None
    # A second chat would get a message again whenever the first one refuses it.
    if len(targets_of(plugin)) != 1:
        raise NotAcceptable(f"Name exactly one receiver, and add a subscription for each other: {service.example}")
    plugin.socket_connect_timeout = READ_WITHIN if service is MAIL else CONNECT_WITHIN
    plugin.socket_read_timeout = READ_WITHIN
    plugin.include_image = plugin.include_footer = plugin.avatar = False
    return plugin


def our_asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="Sophia",
        app_desc="Sophia",
        app_url=settings.SOPHIA_PUBLIC_URL,
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        async_mode=False,
        service_timeout=SEND_WITHIN,
    )


def targets_of(plugin: Any) -> list[Any]:
    for name in ("topics", "channels", "targets"):
        if (found := getattr(plugin, name, None)) is not None:
            return list(found)
    return [None]


def reachable_host(scheme: str, plugin: Any) -> str:
    """Empty where the service has one host for all. `hosts.Unreachable` where Sophia may not go."""
    service = SERVICES[scheme]
    host, port = getattr(plugin, "smtp_host", None) or plugin.host, plugin.port
    if not service.has_own_host or not host or getattr(plugin, "mode", "") == "cloud":
        return ""
    if service is JSON:
        hosts.require_listed(host, port)
    else:
        hosts.require_public(host, port)
    if service is MAIL and plugin.password and plugin.secure_mode == "insecure" and not hosts.is_listed(host, port):
        raise hosts.Unreachable("mailto:// would send the password readable by anybody. Write mailtos:// instead.")
    return hosts.named(host, port)


def reason_of(result: Any) -> str:
    if result.status == AppriseResultStatus.TIMEOUT:
        return f"no answer within {SEND_WITHIN:.0f} s."
    said = [entry.message for service in result for attempt in service for entry in attempt]
    # Of mail servers, Apprise tells only the debugger what they answered.
    answers = [message.removeprefix(ANSWER) for message in said if message.startswith(ANSWER)]
    return (answers or said or ["it did not take the message."])[-1]


def redacted(sentence: str, scheme: str, parts: Parts) -> str:
    """Without anything of the address but the host of a service that has its own."""
    names = ["user", "password", "bot_token", "token", *([] if SERVICES[scheme].has_own_host else ["host"])]
    secrets = [str(parts.get(name) or "") for name in names]
    secrets += [*str(parts.get("fullpath") or "").split("/"), *parts["qsd"].values(), *(parts.get("targets") or [])]
    for secret in sorted({form for text in secrets for form in (str(text), quote(str(text)))}, key=len, reverse=True):
        if len(secret) > 2:
            sentence = sentence.replace(secret, "•••")
    return sentence
