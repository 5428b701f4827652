import tomllib
from functools import cache

from django.conf import settings


@cache
def version() -> str:
    """What pyproject.toml says."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
