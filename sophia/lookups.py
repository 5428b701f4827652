"""What may be asked of a list of the admin by its address: what its own filters ask, and nothing else.

Django allows any lookup of any column there. One regex takes the web for minutes, and every column answers, also those
that no page shows: character by character, what is encrypted or signed can be read so.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

ASKED_BY_FILTERS = ("", "__exact", "__isnull", "__isempty", "__gte", "__lt", "__id__exact")
ASKED_BY_DATES = ("__year", "__month", "__day", "__gte", "__lt")
LONGEST_SEARCH = 100
MOST_WORDS = 8
"""Each word is looked for in every column of the search."""
TOO_LONG = f"Search for up to {MOST_WORDS} words and {LONGEST_SEARCH} characters."


class ListedLookups(admin.ModelAdmin):
    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        return lookup in set(self.lookups(request))

    def lookups(self, request: HttpRequest) -> Iterator[str]:
        chosen: Any
        for chosen in self.get_list_filter(request):
            name = chosen[0] if isinstance(chosen, list | tuple) else chosen
            if isinstance(name, str):
                yield from (name + ending for ending in ASKED_BY_FILTERS)
            else:
                yield name.parameter_name
        if self.date_hierarchy:
            yield from (self.date_hierarchy + ending for ending in ASKED_BY_DATES)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        if len(search_term) > LONGEST_SEARCH or len(search_term.split()) > MOST_WORDS:
            messages.warning(request, TOO_LONG)
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)
