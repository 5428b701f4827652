"""A desk that has publications gets the seal over its name, once. A new one gets it with its first publication."""

from typing import Any

from django.db import migrations

from publishing import seal


def begin(apps: Any, schema_editor: Any) -> None:
    if apps.get_model("publishing", "Publication").objects.exists():
        desk, _ = apps.get_model("sophia", "Desk").objects.get_or_create(pk=1)
        desk.seal = seal.make(seal.statement("desk", name=str(desk.name)))
        desk.save(update_fields=["seal"])


class Migration(migrations.Migration):
    dependencies = [("publishing", "0030_history"), ("sophia", "0012_desk_seal")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
