from argparse import ArgumentParser
from dataclasses import asdict, dataclass
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from publishing import budget
from publishing.models import SocialAccount
from publishing.platforms.base import Health, Kind, PlatformError
from sophia.command import DeskCommand, table

HEADS = ("Account", "Token", "Expires", "Calls", "Posts", "Platform", "Problem")


@dataclass(frozen=True)
class Found:
    """`token` is valid, refused or unknown. `health` is None when the platform said nothing."""

    token: str
    problem: str = ""
    needs_a_person: bool = False
    health: Health | None = None


class Command(DeskCommand):
    help = (
        "Asks the platforms about every account, or the ones named: token, scopes, quota and usage. Leaves with 1 when "
        "one of them needs a person. An account whose calls its platform holds is not asked."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("accounts", nargs="*", metavar="ACCOUNT", help="Such as facebook:1001. Left out: all.")

    def handle(self, *args: Any, **options: Any) -> None:
        known = SocialAccount.objects.select_related("client")
        accounts = [known.named(label) for label in options["accounts"]] or list(known)
        checked = [(account, look_at(account)) for account in accounts]
        documents = [document(account, found) for account, found in checked]
        self.answer(options, documents, lines(documents))
        if needy := [account.label for account, found in checked if found.needs_a_person]:
            raise CommandError(f"A person must look after {', '.join(needy)}.")


def look_at(account: SocialAccount) -> Found:
    try:
        health = account.examine()
    except PlatformError as refused:
        final = refused.kind in {Kind.AUTH, Kind.REJECTED}
        return Found("refused" if final else "unknown", str(refused), final or not account.is_healthy)
    if not account.is_healthy:
        said = f"It was held and must be connected again: {account.needs_reconnect_because}"
        return Found("valid", said, True, health)
    if lacking := account.lacks(health):
        return Found("valid", f"{lacking} Connect the account again.", True, health)
    held = account.posts_held(timezone.now())
    return Found("valid", held.because if held else "", False, health)


def document(account: SocialAccount, found: Found) -> dict[str, Any]:
    now, health = timezone.now(), found.health
    held = account.posts_held(now)
    return {
        "account": account.label,
        "ok": not found.problem,
        "token": found.token,
        "expiry": account.expiry,
        "ends_at": account.ends_at,
        "token_expires_at": account.token_expires_at,
        "data_access_expires_at": account.data_access_expires_at,
        "scopes": list(health.scopes) if health and health.scopes is not None else None,
        "quota": asdict(health.quota) if health and health.quota else None,
        "usage": {
            "calls": {"used": budget.calls_made(account, now).count(), "limit": budget.calls_per_hour(account)},
            "posts": {"used": len(budget.posted(account, now)), "limit": budget.posts_per_day(account)},
            "platform_percent": health.usage if health else None,
        },
        "throttled_until": account.throttled_after(now),
        "posts_held_until": held.until if held else None,
        "problem": found.problem or None,
    }


def lines(documents: list[dict[str, Any]]) -> list[str]:
    if not documents:
        return ["No account is connected. Connect one: manage.py connect facebook …"]
    return table(HEADS, (row(each) for each in documents))


def row(document: dict[str, Any]) -> tuple[Any, ...]:
    usage = document["usage"]
    percent = usage["platform_percent"]
    shown = "" if percent is None else f"{percent} %"
    expires = f"{document['ends_at']:%Y-%m-%d}" if document["ends_at"] else document["expiry"]
    return (
        document["account"],
        document["token"],
        expires,
        of(usage["calls"]),
        of(usage["posts"]),
        shown,
        document["problem"],
    )


def of(figures: dict[str, Any]) -> str:
    return str(figures["used"]) if figures["limit"] is None else f"{figures['used']} of {figures['limit']}"
