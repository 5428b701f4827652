import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approval", "0011_cuts")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="shown",
            field=models.JSONField(blank=True, default=dict, help_text="What of the draft was on the screen, and where."),
        ),
        migrations.AddField(
            model_name="comment",
            name="answer",
            field=models.ForeignKey(
                blank=True,
                help_text="The edit after it, or the approval past it. Empty: nobody has answered.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answered",
                to="approval.decision",
            ),
        ),
    ]
