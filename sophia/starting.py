"""What stops the web and the workers before they do anything."""

import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from sophia.refusals import Refused


def require_fitness() -> None:
    """In a thread of its own: the web asks inside an event loop, and a cluster that will fork keeps no connection."""
    with ThreadPoolExecutor(1) as thread:
        try:
            thread.submit(ask).result()
        except Refused as refused:
            sys.exit(f"Sophia cannot start: {refused}")


def ask() -> None:
    from sophia import fitness  # Imports models, which are there only after the settings.

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Accessing the database during app initialization", RuntimeWarning)
        try:
            fitness.require()
        finally:
            connections.close_all()
