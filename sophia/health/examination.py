"""Every invariant, asked in order; and the rhythm that tells what it finds, once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from approval import invariants as approval
from publishing import invariants as publishing
from sophia.findings import Finding
from sophia.health import house
from sophia.models import Symptom
from sophia.notifications.announce import announce

INVARIANTS = (*house.INVARIANTS, *publishing.INVARIANTS, *approval.INVARIANTS)


def examine(now: datetime | None = None, *, deep: bool = False) -> list[Finding]:
    """All findings. `deep` also reads every image that may still go out."""
    now = now or timezone.now()
    found: list[Finding] = []
    for invariant in INVARIANTS:
        if invariant is publishing.broken_seals:
            found += publishing.broken_seals(now, deep=deep)
        else:
            found += invariant(now)
    return found


def watch() -> None:
    """Every few minutes: what is new is told, and what is mended is told. Two that look at once tell it once."""
    found = {finding.key: finding for finding in examine()}
    known = dict(Symptom.objects.values_list("key", "sentence"))
    for key in found.keys() - known.keys():
        tell(found[key])
    for key in known.keys() - found.keys():
        mend(key)


def tell(finding: Finding) -> None:
    told = {"sentence": finding.sentence, "client_id": finding.client}
    with transaction.atomic():
        _, is_new = Symptom.objects.get_or_create(key=finding.key[:200], defaults=told)
        if is_new:
            sentence = f"{finding.sentence} {finding.to_do}"
            announce("health.finding", sentence, link=finding.link or "/health/", urgent=True, client=finding.client)


def mend(key: str) -> None:
    with transaction.atomic():
        symptom = Symptom.objects.select_for_update().filter(key=key).first()
        if symptom:
            symptom.delete()
            announce("health.mended", f"No longer so: {symptom.sentence}", link="/health/", client=symptom.client_id)
