"""What django-q2 calls."""

from django.utils import timezone

from approval.models import Draft, LinkCheck
from approval.staleness import to_remind

AT_ONCE = 500
"""Drafts of which one run reminds, for each reminder. The next run goes on."""


def remind_of_reviews() -> None:
    now = timezone.now()
    for draft in to_remind(Draft.objects.in_review(), now, AT_ONCE):
        draft.remind(now)


def check_link(check_id: int) -> None:
    if check := LinkCheck.objects.filter(pk=check_id).first():
        check.look()
