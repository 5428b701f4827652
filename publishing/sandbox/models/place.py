from django.conf import settings
from django.db import models


class Place(models.Model):
    """The port at which `serve` last opened the sandbox. One row."""

    port = models.PositiveIntegerField()

    ONLY = 1

    def __str__(self) -> str:
        return f"Port {self.port}"

    @classmethod
    def note(cls, port: int) -> None:
        cls.objects.update_or_create(pk=cls.ONLY, defaults={"port": port})

    @classmethod
    def follow(cls) -> None:
        """From now on this process finds the sandbox, and names its pages, where `serve` opened it. Where the settings
        name another address themselves, that holds."""
        before = f"http://127.0.0.1:{settings.PORT}"
        if f"{before}/sandbox" != settings.SOPHIA_GRAPH_URL:
            return
        if port := cls.objects.filter(pk=cls.ONLY).values_list("port", flat=True).first():
            settings.SOPHIA_GRAPH_URL = f"http://127.0.0.1:{port}/sandbox"
            if before == settings.SOPHIA_PUBLIC_URL:
                settings.SOPHIA_PUBLIC_URL = f"http://127.0.0.1:{port}"
