import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Of images that are there already nobody knows who brought them, nor whether a decision tells of them: they stay."""

    dependencies = [
        ("publishing", "0026_clear_later"),
        ("tokens", "0001_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="image",
            name="brought_at",
            field=models.DateTimeField(
                blank=True, db_index=True, help_text="The last time. Empty: before that was noted.", null=True
            ),
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(help_text="The last time.")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publishing.image"
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tokens.token",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["by", "at"], name="brought_lately")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("token", None)), fields=("image", "by"), name="brought_once_by_a_person"
                    ),
                    models.UniqueConstraint(fields=("image", "token"), name="brought_once_by_a_token"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.client"
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.image"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("image", "client"), name="used_once_by_a_client"),
                ],
            },
        ),
    ]
