"""Sessions were kept under the key that the browser holds. They are dropped: everybody signs in once more."""

from typing import Any

from django.db import migrations


def drop(apps: Any, schema_editor: Any) -> None:
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("sophia", "0010_backed_up"), ("sessions", "0001_initial")]

    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
