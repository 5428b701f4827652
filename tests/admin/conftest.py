import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.messages import get_messages
from django.urls import reverse


@pytest.fixture
def act(client):
    """Chooses an action for rows in the admin as `by`; `typed` is what the confirmation page posts."""

    def run(by, action, *rows, typed=None, ask_first=False):
        client.force_login(by)
        model = rows[0]._meta
        data = {"action": action, ACTION_CHECKBOX_NAME: [row.pk for row in rows]}
        if not ask_first:
            data |= {"confirmed": "yes", **(typed or {})}
        return client.post(reverse(f"admin:{model.app_label}_{model.model_name}_changelist"), data)

    return run


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))
