"""The only way out. `reach` gives the platform of one account, ready to be called."""

from django.conf import settings
from django.utils.module_loading import import_string

from publishing.platforms.base import Credentials, Platform


def platform_class(name: str, through: str = "") -> type[Platform]:
    """`through`: "mcp", or empty for the direct way."""
    paths = settings.SOPHIA_PLATFORMS_THROUGH_MCP if through else settings.SOPHIA_PLATFORMS
    loaded: type[Platform] = import_string(paths[name])
    return loaded


def app_of(name: str) -> str:
    """Whose calls a platform counts together: accounts of one app share what they are told about it."""
    return f"{platform_class(name).app or name} {settings.SOPHIA_APP_ID}".strip()


def reach(name: str, account: Credentials, through: str = "") -> Platform:
    return platform_class(name, through)(
        account, base_url=settings.SOPHIA_GRAPH_URL, version=settings.SOPHIA_GRAPH_VERSION
    )
