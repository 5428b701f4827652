"""The doors through which a verb can be called. Each one records itself."""

from django.db.models import TextChoices


class Via(TextChoices):
    WEB = "web"
    ADMIN = "admin"
    CLI = "cli", "command line"
    API = "api", "API"
    MCP = "mcp", "agent (MCP)"
    CLIENT = "client", "client link"
    WORKER = "worker"
