from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approval", "0012_shown")]

    operations = [
        migrations.AddField(
            "batch", "lines", models.PositiveIntegerField(default=0, help_text="Of the file, once it is confirmed.")
        ),
        migrations.AddField(
            "batch", "done", models.PositiveIntegerField(default=0, help_text="How many of them were brought in.")
        ),
        migrations.AddField(
            "batch",
            "moved_at",
            models.DateTimeField(blank=True, null=True, help_text="When the last of them were, or it was confirmed."),
        ),
        migrations.AlterField(
            "batch",
            "outcome",
            models.JSONField(blank=True, null=True, help_text="What came of the lines that are done."),
        ),
    ]
