"""Every invariant, asked in order; and the rhythm that tells what it finds, once."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from approval import invariants as approval
from publishing import histories
from publishing import invariants as publishing
from publishing.models import Publication
from sophia.findings import Finding
from sophia.health import house
from sophia.models import Symptom
from sophia.notifications.announce import announce

INVARIANTS = (*house.INVARIANTS, *publishing.INVARIANTS, *histories.INVARIANTS, *approval.INVARIANTS)
COSTLY = {
    publishing.broken_seals: "seal:",
    publishing.unreadable_tokens: "token:",
    histories.broken_histories: "history:",
    house.left_of_a_demo: "demo",
}
"""Those that read every row that waits, or more, with how the keys of their findings begin."""
UNHURRIED = {histories.broken_client_histories: "client-history:", histories.without_history: "without-history"}
"""These read much as well, and make nobody ill."""
ADVICE = (*UNHURRIED.values(), "ended-history:")
"""How the keys of what they find begin, and of what a costly one finds that makes nobody ill."""
AFFORDABLE = 500
"""Publications of a desk on which a page asks everything anew. Proving 3,000 rows takes a second of the web."""
AS_TOLD = "The last round found it, a few minutes ago. manage.py doctor looks again, and says what to do."

HEALTH = "/health/"
ASKED_ELSEWHERE = ("unidentified", "against-will", "leftover")
"""Questions to people that have rung by themselves, and are reminded of where they are asked."""

DEEPER = (publishing.broken_seals, histories.broken_histories, histories.broken_client_histories, house.damaged_file)


def examine(now: datetime | None = None, *, deep: bool = False) -> list[Finding]:
    """All findings. `deep` also reads every image that may still go out, every history, and the whole file of
    SQLite."""
    now = now or timezone.now()
    found: list[Finding] = []
    for invariant in INVARIANTS:
        found += invariant(now, deep=True) if deep and invariant in DEEPER else invariant(now)
    return found


def survey(now: datetime) -> list[Finding]:
    """For a page: what makes nobody ill as the last round has told of it, and on a large desk all that is costly."""
    if is_large():
        asked, told_of = quick(), [*COSTLY.values(), *ADVICE]
    else:
        asked = [invariant for invariant in INVARIANTS if invariant not in UNHURRIED]
        told_of = [*UNHURRIED.values()]
    known = Symptom.objects.filter(beginning(told_of))
    return [*(finding for invariant in asked for finding in invariant(now)), *(as_told(symptom) for symptom in known)]


def is_large() -> bool:
    return Publication.objects.order_by("pk")[AFFORDABLE : AFFORDABLE + 1].exists()


def as_told(symptom: Symptom) -> Finding:
    ill = not symptom.key.startswith(ADVICE)
    return Finding(symptom.key, symptom.sentence, AS_TOLD, client=symptom.client_id, ill=ill)


def glance(now: datetime) -> list[Finding]:
    """The same at a price that anybody may ask for: what is costly is what the last round has told of."""
    found = [finding for invariant in quick() for finding in invariant(now)]
    return [*found, *told()]


def quick() -> list[Any]:
    return [invariant for invariant in INVARIANTS if invariant not in {*COSTLY, *UNHURRIED}]


def told() -> Iterator[Finding]:
    for symptom in Symptom.objects.filter(beginning([*COSTLY.values()])):
        yield Finding(symptom.key, symptom.sentence, "", client=symptom.client_id)


def beginning(keys: list[str]) -> Q:
    return Q(*(("key__startswith", start) for start in keys), _connector=Q.OR)


def watch() -> None:
    """Every few minutes: what is new is told, and what is mended is told. Two that look at once tell it once."""
    found = {finding.key: finding for finding in examine()}
    known = dict(Symptom.objects.values_list("key", "client_id"))
    for alike in grouped({key: (each.kind, each.client) for key, each in found.items() if key not in known}):
        tell([found[key] for key in alike])
    gone = {key: client for key, client in known.items() if key not in found and not house.is_elsewhere(key)}
    for alike in grouped({key: (key.partition(":")[0], client) for key, client in gone.items()}):
        mend(alike)


def grouped(keys: Mapping[str, Hashable]) -> list[list[str]]:
    """What one outage did to many of one client is one notice."""
    groups: dict[Hashable, list[str]] = {}
    for key, group in keys.items():
        groups.setdefault(group, []).append(key)
    return list(groups.values())


def tell(findings: Sequence[Finding]) -> None:
    """All of one kind and client."""
    with transaction.atomic():
        new = [finding for finding in findings if note(finding)]
        if not new or new[0].kind in ASKED_ELSEWHERE:
            return
        first, *others = new
        sentence = f"{first.sentence}{and_so(others)} {first.to_do}"
        link = HEALTH if others else first.link or HEALTH
        announce("health.finding", sentence, link=link, urgent=first.ill, client=first.client)


def note(finding: Finding) -> bool:
    told = {"sentence": finding.sentence, "client_id": finding.client}
    return Symptom.objects.get_or_create(key=finding.key[:200], defaults=told)[1]


def and_so(others: Sequence[object]) -> str:
    return f" It is the same with {len(others)} more." if others else ""


def mend(keys: Sequence[str]) -> None:
    """All of one kind and client."""
    with transaction.atomic():
        gone = list(Symptom.objects.select_for_update().filter(key__in=keys).order_by("pk"))
        Symptom.objects.filter(pk__in=[symptom.pk for symptom in gone]).delete()
        if gone and not gone[0].key.startswith(ASKED_ELSEWHERE):
            first, *others = gone
            said = f"No longer so: {first.sentence}{and_so(others)}"
            announce("health.mended", said, link=HEALTH, client=first.client_id)
