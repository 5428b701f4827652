import functools
import io

import pytest
from PIL import Image

from sophia.demo import pictures
from tests import make


@pytest.fixture(autouse=True)
def roles(db):
    """What the migrations wrote is gone after a test with real transactions."""
    make.role("operator")


@pytest.fixture(scope="session")
def finished():
    """The JPEG of each picture by name, drawn once: all of them take seconds."""
    return functools.cache(pictures.jpeg)


@pytest.fixture(scope="session")
def small(finished):
    """The same pictures, a fifth as wide and high."""

    @functools.cache
    def shrunk(name):
        out = io.BytesIO()
        with Image.open(io.BytesIO(finished(name))) as picture:
            picture.reduce(5).save(out, "JPEG")
        return out.getvalue()

    return shrunk


@pytest.fixture
def drawn_once(small, monkeypatch):
    monkeypatch.setattr("sophia.demo.seed.jpeg", small)
