"""What django-q2 calls for API tokens."""

from django.utils import timezone

from sophia.tokens.models import Token


def remind() -> None:
    """Every hour, so that it is told in time."""
    now = timezone.now()
    for token in Token.objects.ending(now).select_related("person"):
        token.tell_end(now)
