"""Forms that offer a person only what belongs to the clients for whom they work."""

from typing import Any

from django import forms

from sophia.membership import Person, Visible


class TheirForm(forms.Form):
    """Its fields may name all rows: each offers those that `person` may see. (OfTheirClients, for the admin.)"""

    def __init__(self, *args: Any, person: Person, **options: Any):
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and isinstance(rows := field.queryset, Visible):
                field.queryset = rows.visible_to(person)
