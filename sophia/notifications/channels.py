"""The only place that knows Apprise: checks the address of a channel, and sends one message to it.

Nothing that an address says may change how text is escaped, what is verified or where redirects lead: an address may
carry only the parameters named here. Apprise logs addresses in places, so its log goes nowhere (settings.LOGGING).
Its six services alone are imported, 9 MB; all of them would be 35. `Subscription` loads this when it checks or sends.
"""

import logging
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
from sophia.notifications.services import DISCORD, JSON, MAIL, NTFY, SERVICES, SLACK, TELEGRAM, Service
from sophia.notifications.wording import Message
from sophia.outside import Address, held_to
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


PLUGINS: dict[Service, type[NotifyBase]] = {
    TELEGRAM: NotifyTelegram,
    SLACK: NotifySlack,
    DISCORD: NotifyDiscord,
    MAIL: NotifyEmail,
    NTFY: NotifyNtfy,
    JSON: NotifyJSON,
}


def examine(address: str) -> str:
    """What may be shown of it: the service, and the host where that is not secret. NotAcceptable with a sentence."""
    scheme, parts = taken_apart(address)
    plugin = plugin_of(scheme, parts)
    host, port = host_of(scheme, plugin)
    try:
        require_reachable(scheme, plugin)
    except hosts.Unreachable as problem:
        raise NotAcceptable(str(problem)) from None
    return f"{SERVICES[scheme].name} at {hosts.named(host, port)}" if host else SERVICES[scheme].name


def send(address: str, message: Message) -> None:
    """Returns when the service has taken it. ChannelError when it has not, or nobody knows."""
    try:
        scheme, parts = taken_apart(address)
        plugin = plugin_of(scheme, parts)
        judged = require_reachable(scheme, plugin)
    except (NotAcceptable, hosts.Unreachable) as problem:
        raise ChannelError(str(problem)) from None
    service = SERVICES[scheme]
    courier = Apprise(asset=plugin.asset)
    courier.add(plugin)
    with held_to(host_of(scheme, plugin)[0], judged):
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
        parts: Parts | None = PLUGINS[service].parse_url(address.replace("/#", "/%23"))
    except UNREADABLE:
        parts = None
    if not parts:
        raise NotAcceptable(f"This is no address of {service.name}. It looks like {service.example}")
    return parts


def plugin_of(scheme: str, parts: Parts) -> Any:
    service = SERVICES[scheme]
    try:
        plugin: Any = PLUGINS[service](**parts, asset=our_asset())
    except UNREADABLE:
        raise NotAcceptable(f"This is no address of {service.name}. It looks like {service.example}") from None
    # A second chat would get a message again whenever the first one refuses it. Apprise leaves out what it cannot read:
    # also a host that it takes for a topic, and then sends to the topic on ntfy.sh.
    if len(targets_of(plugin)) != 1 or len(parts.get("targets") or ()) > 1:
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


def host_of(scheme: str, plugin: Any) -> tuple[str, int | None]:
    """Empty where the service has one host for all."""
    host = getattr(plugin, "smtp_host", None) or plugin.host
    if not SERVICES[scheme].has_own_host or not host or getattr(plugin, "mode", "") == "cloud":
        return "", None
    return host, plugin.port


def require_reachable(scheme: str, plugin: Any) -> list[Address]:
    """The machines to send to, where the address names one that must be looked at. `hosts.Unreachable` where Sophia
    may not go."""
    host, port = host_of(scheme, plugin)
    if not host:
        return []
    judged: list[Address] = []
    if SERVICES[scheme] is JSON:
        hosts.require_listed(host, port)
    else:
        judged = hosts.require_public(host, port)
    if is_readable_on_the_way(scheme, plugin) and not hosts.is_listed(host, port):
        said = f"{scheme}:// would send the password readable by anybody. Write {scheme}s:// instead."
        raise hosts.Unreachable(said)
    return judged


def is_readable_on_the_way(scheme: str, plugin: Any) -> bool:
    has_secret = bool(plugin.password or getattr(plugin, "token", None))
    return has_secret and (scheme == "ntfy" or getattr(plugin, "secure_mode", "") == "insecure")


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
