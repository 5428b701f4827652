from django.db import migrations, models
from django.db.models.functions import Now
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("publishing", "0019_found_by_words")]
    operations = [
        migrations.AddField(
            "recovery",
            "unproved",
            models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="Why Sophia cannot prove that it is gone. Then a person may say that they saw it.",
            ),
        ),
        migrations.AddField(
            "recovery",
            "look_again_at",
            models.DateTimeField(
                blank=True,
                help_text="When Sophia looks next whether it has come back. Empty: not any more.",
                null=True,
            ),
        ),
        migrations.AddField(
            "recovery",
            "returned_at",
            models.DateTimeField(
                blank=True, help_text="When it was seen public again, after it had been proved gone.", null=True
            ),
        ),
        migrations.AddIndex(
            "recovery",
            models.Index(
                fields=["look_again_at"],
                condition=models.Q(look_again_at__isnull=False),
                name="recovery_to_look_again",
            ),
        ),
        migrations.AddField(
            "socialaccount",
            "token_since",
            models.DateTimeField(
                db_default=Now(), default=timezone.now, editable=False, help_text="When it got its present token."
            ),
        ),
        migrations.AlterField(
            "sighting",
            "verdict",
            models.CharField(
                choices=[
                    ("live", "there, as it was approved"),
                    ("gone", "not there"),
                    ("differs", "there, with another text"),
                    ("unclear", "it cannot be told: it may be hidden from Sophia"),
                ],
                max_length=10,
            ),
        ),
    ]
