import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0017_one_rule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="known_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answer", "said by the platform when it went out"),
                    ("reference", "found by what only Sophia had prepared"),
                    ("person", "named by a person who saw it"),
                    ("likeness", "found by its words: nobody has confirmed it"),
                ],
                db_default="",
                default="",
                editable=False,
                help_text="How it is known which post on the platform it is. Empty: nobody knows.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="named_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who saw it there.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post_id", models.CharField(max_length=100)),
                ("permalink", models.URLField(blank=True, max_length=500)),
                ("message", models.TextField(blank=True)),
                ("made_at", models.DateTimeField(blank=True, help_text="On the platform's clock.", null=True)),
                (
                    "images",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Empty: the platform does not tell.", null=True
                    ),
                ),
                ("picture", models.URLField(blank=True, max_length=500)),
                (
                    "weak",
                    models.BooleanField(
                        default=False, help_text="It has no words: only time and number of images fit."
                    ),
                ),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidates",
                        to="publishing.publication",
                    ),
                ),
                (
                    "refused_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["weak", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("publication", "post_id"), name="one_candidate_per_post")
                ],
            },
        ),
        migrations.CreateModel(
            name="Identification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                (
                    "next_at",
                    models.DateTimeField(
                        blank=True, help_text="When Sophia looks next. Empty: not any more.", null=True
                    ),
                ),
                ("looks", models.PositiveSmallIntegerField(default=0)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("person", "a person said which it is"),
                            ("reference", "it was found by what Sophia had prepared"),
                            ("gone", "it was taken down"),
                            ("left", "a person left it unknown"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identifications",
                        to="publishing.publication",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)), fields=["next_at"], name="identification_to_come"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at", None)),
                        fields=("publication",),
                        name="one_open_identification",
                    )
                ],
            },
        ),
    ]
