import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sophia", "0003_symptom")]
    operations = [
        migrations.CreateModel(
            name="Desk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "marked_at",
                    models.DateTimeField(
                        blank=True, help_text="Since when the media folder holds the mark.", null=True
                    ),
                ),
            ],
        ),
    ]
