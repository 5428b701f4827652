"""What stops the web and the workers before they do anything."""

import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from django.db import Error, connections
from django.urls import reverse
from django.utils import timezone

from sophia.refusals import Refused


def require_fitness() -> None:
    """In a thread of its own: the web asks inside an event loop, and a cluster that will fork keeps no connection."""
    with ThreadPoolExecutor(1) as thread:
        try:
            thread.submit(ask).result()
        except Refused as refused:
            sys.exit(f"Sophia cannot start: {refused}")


def warm_up() -> None:
    """What the first post and the first sweep of each worker would load and build, once before the cluster forks: the
    addresses with their pages (10 MB), and what queries leave behind (4 MB)."""
    reverse("health")
    with ThreadPoolExecutor(1) as thread:
        thread.submit(look_around).result()


def ask() -> None:
    from sophia import fitness  # Imports models, which are there only after the settings.

    with early_database():
        fitness.require()


def look_around() -> None:
    from sophia.health import examination

    with early_database(), suppress(Error):  # A database that is away is for others to tell.
        examination.glance(timezone.now())


@contextmanager
def early_database() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Accessing the database during app initialization", RuntimeWarning)
        try:
            yield
        finally:
            connections.close_all()
