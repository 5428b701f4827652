import pytest
from django.core.management import CommandError, call_command

from publishing.models import Client


def test_it_refuses_without_the_sandbox(db, settings):
    settings.SOPHIA_SANDBOX = False
    with pytest.raises(CommandError, match="needs the sandbox"):
        call_command("demo")
    assert not Client.objects.exists()
