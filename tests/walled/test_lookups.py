"""The lists of the admin answer what their own filters ask."""

import pytest
from django.contrib import admin
from django.urls import reverse

from sophia.lookups import LONGEST_SEARCH, MOST_WORDS, ListedLookups

pytestmark = pytest.mark.django_db
MODELS = list(admin.site._registry)
SECRETS = ("token", "secret", "seal", "fingerprint", "password", "session", "url", "payload", "code", "result")
ENDINGS = (
    "",
    "__exact",
    "__regex",
    "__iregex",
    "__startswith",
    "__contains",
    "__gt",
    "__gte",
    "__lt",
    "__in",
    "__isnull",
)


def asked(model):
    """What the list's filters are about, with what is after the last name cut off."""
    listed = admin.site._registry[model]
    names = [each[0] if isinstance(each, tuple) else each for each in listed.list_filter]
    return {name for name in [*names, listed.date_hierarchy] if isinstance(name, str)}


def columns(model, depth=1):
    """Every column of a model, and of those that it leads to or that lead to it."""
    for field in model._meta.get_fields():
        yield field.name
        if depth and field.related_model:
            yield from (f"{field.name}__{name}" for name in columns(field.related_model, depth - 1))


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_every_list_has_an_allow_list(model):
    assert isinstance(admin.site._registry[model], ListedLookups)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_no_column_answers_but_those_of_the_filters(model, rf):
    listed = admin.site._registry[model]
    tried = {name + ending for name in columns(model) for ending in ENDINGS}
    allowed = {lookup for lookup in tried if listed.lookup_allowed(lookup, "x", rf.get("/"))}
    assert not {lookup for lookup in allowed if not any(lookup.startswith(name) for name in asked(model))}
    assert not {lookup for lookup in allowed if lookup.endswith(("regex", "with", "contains", "__gt", "__in"))}


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_no_filter_and_no_search_is_about_a_secret(model):
    listed = admin.site._registry[model]
    names = {*asked(model), *(name.lstrip("=^@") for name in listed.search_fields)}
    assert not {name for name in names if any(word in name.rpartition("__")[2] for word in SECRETS)} - {"link__client"}


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_a_lookup_from_the_address_is_refused(model, client, boss):
    client.force_login(boss)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for field in model._meta.concrete_fields:
        assert client.get(address, {f"{field.name}__regex": "(a+)+$"}).status_code == 400


@pytest.mark.parametrize("term", ["x" * (LONGEST_SEARCH + 1), "x " * (MOST_WORDS + 1)], ids=["long", "many words"])
def test_a_search_is_bounded(client, boss, term):
    client.force_login(boss)
    page = client.get("/admin/approval/draft/", {"q": term})
    assert "Search for up to" in page.text
    assert page.context["cl"].result_count == 0
