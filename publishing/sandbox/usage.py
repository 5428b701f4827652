"""Usage headers and call limits (platforms.md D, H5)."""

import json
from datetime import timedelta

from django.utils import timezone

from publishing.sandbox.calls import Call
from publishing.sandbox.errors import GraphError
from publishing.sandbox.models import Account, Request

HOUR = timedelta(hours=1)


def require_room(account: Account) -> None:
    """Refused calls are counted too, so calling on makes the block longer."""
    if account.knobs["app_throttled"]:
        raise too_many(4)
    limit = account.knobs["call_limit"]
    if limit and calls_of(account) > limit:
        raise too_many(account.knobs["limit_code"] or (80001 if account.platform == "facebook" else 80002))


def require_posting(call: Call) -> None:
    """Reading and deleting go on."""
    if call.method == "POST" and call.account and call.account.knobs["throttle_posting"]:
        raise GraphError(
            368, "(#368) The action attempted has been deemed abusive or is otherwise disallowed", transient=False
        )


def calls_of(account: Account) -> int:
    return Request.objects.filter(account=account.external_id, at__gt=timezone.now() - HOUR).count()


def too_many(code: int) -> GraphError:
    said = {4: "Application request limit reached", 32: "Page request limit reached"}
    return GraphError(code, f"(#{code}) {said.get(code, 'There have been too many calls for this account')}")


def headers(call: Call) -> dict[str, str]:
    """Absent unless a knob asks for them, as they are on quiet accounts."""
    account = call.account
    if account is None:
        return {}
    return of_account(account) | of_app(account)


def of_app(account: Account) -> dict[str, str]:
    percent = 100 if account.knobs["app_throttled"] else account.knobs["app_usage"]
    figures = {"call_count": percent, "total_cputime": 0, "total_time": 0}
    return {} if percent is None else {"X-App-Usage": json.dumps(figures)}


def of_account(account: Account) -> dict[str, str]:
    percent = percentage(account)
    if percent is None:
        return {}
    kind = "pages" if account.platform == "facebook" else "instagram"
    figures = {"call_count": percent, "total_cputime": 0, "total_time": 0}
    regain = account.knobs["regain_minutes"] if percent >= 100 else 0
    case = {"type": kind, **figures, "estimated_time_to_regain_access": regain}
    return {"X-Business-Use-Case-Usage": json.dumps({account.external_id: [case]})}


def percentage(account: Account) -> int | None:
    if account.knobs["usage"] is not None:
        return account.knobs["usage"]
    limit = account.knobs["call_limit"]
    return min(100, round(100 * calls_of(account) / limit)) if limit else None
