from typing import Any

from django.db import migrations, models

from sophia import comparing


def compare(apps: Any, schema_editor: Any) -> None:
    """What was edited before is compared once, as what is edited from now on."""
    decisions = apps.get_model("approval", "Decision").objects
    for row in decisions.exclude(diff={}).only("diff").iterator(chunk_size=200):
        texts = {field: both for field, both in row.diff.items() if field != "images"}
        cuts = {field: comparing.cuts_of(*(str(text or "") for text in both)) for field, both in texts.items()}
        decisions.filter(pk=row.pk).update(cuts=cuts)


class Migration(migrations.Migration):
    dependencies = [("approval", "0010_identity")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="cuts",
            field=models.JSONField(
                blank=True, default=dict, help_text="How the texts of the diff differ: sophia/comparing.py."
            ),
        ),
        migrations.RunPython(compare, migrations.RunPython.noop),
    ]
