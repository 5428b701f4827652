from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Path, Query, Router

from publishing import budget
from publishing.models import SocialAccount
from sophia.api import paging, shapes, sight, values
from sophia.api.bearer import Asked, Bearer
from sophia.api.drafts import client
from sophia.api.values import iso

router = Router(tags=["Accounts"])
reading = Bearer("accounts:read")


@router.get("", auth=reading, response=shapes.Accounts, summary="List accounts")
def listed(request: Asked, asked: Query[paging.Paging]) -> Any:
    return paging.page(request, sight.accounts(request.auth), asked, lambda found: [document(each) for each in found])


@router.get("/{int:pk}/health", auth=reading, response=shapes.Health, summary="How an account is")
def health(request: Asked, pk: Path[values.Id]) -> Any:
    """As Sophia knows it from the last look. Asking makes no call to the platform."""
    return state_of(get_object_or_404(sight.accounts(request.auth), pk=pk))


def document(account: SocialAccount) -> dict[str, Any]:
    return {
        "id": account.pk,
        "account": account.label,
        "name": account.name,
        "client": client(account),
        "healthy": account.is_healthy,
    }


def state_of(account: SocialAccount) -> dict[str, Any]:
    now = timezone.now()
    held = account.posts_held(now)
    calls, posts = budget.calls_made(account, now).count(), len(budget.posted(account, now))
    return {
        "id": account.pk,
        "account": account.label,
        "healthy": account.is_healthy,
        "reconnect_since": iso(account.needs_reconnect_since),
        "problem": account.needs_reconnect_because or account.trouble or None,
        "checked_at": iso(account.checked_at),
        "token_expires": account.expiry,
        "token_ends_at": iso(account.ends_at),
        "throttled_until": iso(account.throttled_after(now)),
        "posts_held_until": iso(held.until if held else None),
        "posts_held_because": held.because if held else None,
        "calls_this_hour": {"used": calls, "limit": budget.calls_per_hour(account)},
        "posts_this_day": {"used": posts, "limit": budget.posts_per_day(account)},
    }
