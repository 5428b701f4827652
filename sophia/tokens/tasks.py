from sophia.tokens.models import Answer


def prune() -> None:
    """Answers are known for a day."""
    Answer.objects.prune()
