import pytest

from tests.notices.standins import WebHook


@pytest.fixture
def hook(settings):
    """A web server that takes notices as JSON, and keeps what it got."""
    with WebHook() as served:
        settings.SOPHIA_NOTICE_HOSTS = [served.host]
        yield served


@pytest.fixture
def subscribe(operator, hook):
    """Subscribes as the operator: to the hook, unless told otherwise."""
    from sophia.notifications.models import Subscription

    def make(name="Team", url="", **details):
        return Subscription.objects.subscribe(by=operator, name=name, url=url or hook.url, **details)

    return make
