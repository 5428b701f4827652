"""What django-q2 calls."""

from approval.models import LinkCheck


def check_link(check_id: int) -> None:
    if check := LinkCheck.objects.filter(pk=check_id).first():
        check.look()
