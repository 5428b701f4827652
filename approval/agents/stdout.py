import os
from io import TextIOWrapper

STDOUT, STDERR = 1, 2


def alone() -> TextIOWrapper:
    """Stdout, for messages only: whatever else this process prints from now on goes to stderr."""
    out = os.fdopen(os.dup(STDOUT), "wb")
    os.dup2(STDERR, STDOUT)
    return TextIOWrapper(out, encoding="utf-8")
