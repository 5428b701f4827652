"""What passed its time: sent now, put in the next free slot, or dropped, one or many. Shown first, then done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from publishing import slots
from publishing.forms import row_number
from publishing.models import Publication
from publishing.models.states import State
from sophia.answers import Asked, seen_with
from sophia.refusals import Refused, WantsReason

SETTLED = [State.MISSED, State.FAILED]
MOST = 500
AT_ONE_PRESS = 25
"""Each takes tens of milliseconds of the web. Those beyond are shown next, and wait for a press of their own."""
OUT_OF_TURN = "Sent at once, after its time had passed."


@dataclass(frozen=True)
class Way:
    title: str
    button: str
    verb: Callable[[Publication, User], None]


def at_once(publication: Publication, by: User) -> None:
    publication.retry(by=by, override="" if publication.account.rule.is_free else OUT_OF_TURN)


WAYS = {
    "now": Way("Send these now", "Send them now", at_once),
    "slot": Way("Put these in the next free slots", "Put them there", lambda found, by: found.retry(by=by)),
    "drop": Way("Drop these", "Drop them", lambda found, by: found.cancel(by=by)),
}


@require_http_methods(["GET", "POST"])
@seen_with("publishing.view_publication")
def settle(request: Asked) -> HttpResponse:
    """GET lists what would happen to each; POST does it, each for itself, and tells what came of each."""
    typed = request.POST if request.method == "POST" else request.GET
    way, chosen = WAYS.get(typed.get("how", "")), named(typed, request.user)
    if way is None or not chosen:
        messages.warning(request, "Choose the publications first, then what to do with them.")
        return redirect_to_list()
    here, later = chosen[:AT_ONE_PRESS], chosen[AT_ONE_PRESS:]
    if request.method == "GET":
        context = {"way": way, "how": typed["how"], "rows": foreseen(here, typed["how"], timezone.now())}
        return render(request, "publishing/missed.html", context | {"later": later})
    for publication in here:
        done(request, publication, way, request.user)
    return redirect_to_rest(typed["how"], [*(row.pk for row in later), *numbers(typed, "later")])


def named(typed: QueryDict, person: User) -> list[Publication]:
    rows = Publication.objects.visible_to(person).filter(pk__in=numbers(typed, "pk"))
    return list(rows.select_related("account__client").order_by("slot_at", "pk"))


def numbers(typed: QueryDict, name: str) -> list[int]:
    return [number for text in typed.getlist(name)[:MOST] if (number := row_number(text)) is not None]


def foreseen(chosen: list[Publication], how: str, now: datetime) -> list[tuple[Publication, str, datetime | None]]:
    """Each with a remark and the time it would get. Those of one account keep their distance from each other."""
    rows, planned = list[tuple[Publication, str, datetime | None]](), dict[int, list[datetime]]()
    for publication in chosen:
        if publication.state not in SETTLED:
            rows.append((publication, f"It is {publication.get_state_display()}: nothing will be done.", None))
        elif how == "slot":
            taken = planned.setdefault(publication.account_id, [])
            taken.append(slots.next_free(publication.account, now, also=taken))
            rows.append((publication, "", taken[-1]))
        else:
            rows.append((publication, slots.why_not(publication.account, now) if how == "now" else "", None))
    return rows


def done(request: HttpRequest, publication: Publication, way: Way, by: User) -> None:
    try:
        if publication.state not in SETTLED:
            raise Refused(f"It is {publication.get_state_display()}: nothing was done.")
        way.verb(publication, by)
    except Refused as refused:
        why = refused.ALONE if isinstance(refused, WantsReason) else refused
        messages.error(request, f"{publication}: {why}")
    else:
        messages.success(request, f"{publication}: {publication.reason}")


def redirect_to_rest(how: str, rest: Sequence[int]) -> HttpResponse:
    """What was chosen too, and nobody was shown yet what would become of it."""
    if not rest:
        return redirect_to_list()
    response = redirect("publishing:missed")
    response["Location"] += "?" + urlencode({"how": how, "pk": rest[:MOST]}, doseq=True)
    return response


def redirect_to_list() -> HttpResponse:
    response = redirect("publishing:queue")
    response["Location"] += "?needs=missed"
    return response
