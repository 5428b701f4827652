import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("live", "there, as it was approved"),
                            ("gone", "not there"),
                            ("differs", "there, with another text"),
                        ],
                        max_length=10,
                    ),
                ),
                ("message", models.TextField(blank=True, help_text="The text there, where it is another one.")),
                (
                    "calls",
                    models.JSONField(blank=True, default=list, help_text="Every call that was made, and its answer."),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="publication",
            name="watch_at",
            field=models.DateTimeField(
                blank=True, editable=False, help_text="When it is read back next. Empty: not any more.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("watch_at__isnull", False)), fields=["watch_at"], name="publication_to_look_at"
            ),
        ),
        migrations.AddField(
            model_name="sighting",
            name="publication",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sightings", to="publishing.publication"
            ),
        ),
    ]
