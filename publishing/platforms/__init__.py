"""The only way out. `reach` gives the platform of one account, ready to be called."""

from django.conf import settings
from django.utils.module_loading import import_string

from publishing.platforms.base import Credentials, Platform


def platform_class(name: str) -> type[Platform]:
    loaded: type[Platform] = import_string(settings.SOPHIA_PLATFORMS[name])
    return loaded


def reach(name: str, account: Credentials) -> Platform:
    return platform_class(name)(account, base_url=settings.SOPHIA_GRAPH_URL, version=settings.SOPHIA_GRAPH_VERSION)
