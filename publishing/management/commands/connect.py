import getpass
import os
import re
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError
from django.utils import timezone

from publishing.models import Client, SocialAccount
from publishing.models.client import known_timezone
from publishing.platforms.base import Kind, PlatformError
from sophia import durations, moments
from sophia.command import DeskCommand
from sophia.refusals import Refused


class Command(DeskCommand):
    help = (
        "Adds or updates an account. Its token comes from the variable named by --token-env, or from stdin, never "
        "from an argument. The platform is asked before anything is saved."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("platform", choices=SocialAccount.PlatformName.values, help="Where it is.")
        parser.add_argument("--client", required=True, metavar="NAME", help="Made when there is none of this name.")
        parser.add_argument("--id", required=True, help="The id of the Page, or of the Instagram account.")
        parser.add_argument("--name", help="What you call it. Left out: what the platform calls it.")
        parser.add_argument("--timezone", help="Of the client, such as Europe/Lisbon.")
        parser.add_argument("--min-gap", metavar="DURATION", help="Least time between two posts, such as 4h.")
        parser.add_argument("--max-per-week", metavar="N", help="Most posts in any seven days.")
        parser.add_argument("--weekdays", metavar="DAYS", help="Days on which it may post: mon,tue,fri, or any.")
        parser.add_argument("--hours", metavar="FROM-TO", help="Hours, where the client is: 09:00-18:00, or any.")
        parser.add_argument("--token-expires", metavar="TIME", help="When the token expires, if you know it, or never.")
        parser.add_argument("--through", choices=["mcp", "directly"], help="How it publishes: docs/mcp.md.")
        parser.add_argument("--move", action="store_true", help="It belongs to another client: give it to this one.")
        parser.add_argument("--new-client", action="store_true", help="This client is new, though one has a like name.")
        parser.add_argument("--token-env", metavar="VAR", help="The environment variable that holds the token.")

    def handle(self, *args: Any, **options: Any) -> None:
        details = wanted(options)
        client = client_named(options["client"], options["timezone"], options["new_client"])
        account = account_of(options["platform"], options["id"])
        created = account.pk is None
        moves = not created and account.client != client
        if moves and not options["move"]:
            there = f"{account} belongs to {account.client}: {account.what_moves(account.client)}"
            raise Refused(f"{there} Nothing was changed. Give it to {client} by --move.")
        if options["token_expires"] is not None:
            details["token_expires_at"] = expiry(options["token_expires"], client.timezone)
        token = given_token(options["token_env"], created)
        try:
            found = account.connect(token=token, client=account.client if moves else client, **details)
        except PlatformError as refused:
            raise CommandError(f"{refused} Nothing was saved. {what_next(refused)}") from refused
        if moves:
            found = (*account.move_to(client), *found)
        self.answer(options, document(account, created, found), lines(account, created, found))


def wanted(options: dict[str, Any]) -> dict[str, Any]:
    """What was said on the command line. What was not stays as it is."""
    details: dict[str, Any] = {}
    if options["name"] is not None:
        details["name"] = options["name"]
    if options["through"] is not None:
        details["through"] = "" if options["through"] == "directly" else options["through"]
    if options["min_gap"] is not None:
        details["min_gap"] = gap(options["min_gap"])
    if options["max_per_week"] is not None:
        details["max_per_week"] = count(str(options["max_per_week"]))
    if options["weekdays"] is not None:
        details["weekdays"] = "" if options["weekdays"] == "any" else options["weekdays"].replace(" ", "").lower()
    if options["hours"] is not None:
        details["opens_at"], details["closes_at"] = hours(options["hours"])
    return details


def gap(text: str) -> Any:
    try:
        return durations.parse(text)
    except ValueError as wrong:
        raise CommandError(f"--min-gap: {wrong}") from wrong


def hours(text: str) -> tuple[time | None, time | None]:
    if text == "any":
        return None, None
    found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", text, re.ASCII)
    with suppress(ValueError):
        if found:
            return time.fromisoformat(found[1]), time.fromisoformat(found[2])
    raise CommandError(f"--hours must look like 09:00-18:00, not “{text}”.")


def expiry(text: str, zone: str) -> datetime | None:
    if text.strip().lower() == "never":
        return None
    known_timezone(zone)
    at = moments.parse(text, ZoneInfo(zone))
    if at <= timezone.now():
        raise CommandError(f"--token-expires: {text} is past. Get a fresh token first.")
    return at


def span(account: SocialAccount) -> str | None:
    opens, closes = account.opens_at, account.closes_at
    return f"{opens:%H:%M}-{closes:%H:%M}" if opens and closes else None


def count(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text, re.ASCII):
        raise CommandError(f"--max-per-week must be a whole number from 1 to 9999, not “{text}”.")
    return int(text)


def client_named(name: str, zone: str | None, is_new: bool) -> Client:
    client = Client.objects.filter(name=name.strip()).first() or Client(name=name.strip())
    if client.pk is None and not is_new and (near := Client.objects.called_like(client.name)):
        raise Refused(f"There is no client “{client.name}”, but there is “{near}”. Write that, or say --new-client.")
    if zone is not None:
        client.timezone = zone
    return client


def account_of(platform: str, external_id: str) -> SocialAccount:
    external_id = external_id.strip()
    if not re.fullmatch(r"[\w.-]+", external_id, re.ASCII):
        raise CommandError(f"“{external_id}” is not an account id. It has digits and letters only, such as 1001.")
    known = SocialAccount.objects.select_related("client").filter(platform=platform, external_id=external_id)
    return known.first() or SocialAccount(platform=platform, external_id=external_id)


def given_token(variable: str | None, created: bool) -> str | None:
    """None keeps the token of an account that has one."""
    token = from_variable(variable) if variable else from_stdin(created)
    if re.search(r"\s", token) or not token.isprintable():
        raise CommandError("A token has no spaces, line breaks or control characters. Copy it again.")
    if not token and created:
        raise CommandError(
            "A new account needs its token: name the variable that holds it by --token-env, or pipe it in."
        )
    return token or None


def from_variable(variable: str) -> str:
    token = os.environ.get(variable, "").strip()
    if not token:
        raise CommandError(f"The environment variable {variable} is not set, or is empty. Put the token there.")
    return token


def from_stdin(created: bool) -> str:
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        return getpass.getpass("Token: " if created else "Token (empty keeps the present one): ").strip()
    try:
        return sys.stdin.read().strip()
    except UnicodeDecodeError as wrong:
        raise CommandError("What came from stdin is not a token.") from wrong


def what_next(refused: PlatformError) -> str:
    if refused.kind in {Kind.AUTH, Kind.REJECTED}:
        return "Check the id and the token, then connect again."
    return "A token that could not be checked is not kept: connect again when the platform answers."


def document(account: SocialAccount, created: bool, found: Sequence[str]) -> dict[str, Any]:
    return {
        "account": account.label,
        "platform": account.platform,
        "id": account.external_id,
        "client": account.client.name,
        "timezone": account.client.timezone,
        "name": account.name,
        "min_gap": None if account.min_gap is None else durations.say(account.min_gap),
        "max_per_week": account.max_per_week,
        "weekdays": account.weekdays or None,
        "hours": span(account),
        "through": account.through or "directly",
        "expiry": account.expiry,
        "token_expires_at": account.token_expires_at,
        "created": created,
        "found": list(found),
    }


def lines(account: SocialAccount, created: bool, found: Sequence[str]) -> list[str]:
    said = "Added" if created else "Updated"
    zone = account.client.timezone
    return [
        f"{said} {account.label}: {account}, for {account.client} ({zone}).",
        *(f"  {line}" for line in [*found, account.ends, account.platform_class.after_connecting] if line),
    ]
