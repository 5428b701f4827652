import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_the_rule(apps, schema_editor):
    apps.get_model("publishing", "Client").objects.filter(author_may_approve=False).update(approval_rule="another")


def keep_the_answer(apps, schema_editor):
    apps.get_model("publishing", "Client").objects.exclude(approval_rule="one").update(author_may_approve=False)


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0015_attempt_ended"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="client",
            name="approval_rule",
            field=models.CharField(
                choices=[
                    ("one", "one person, also its author"),
                    ("another", "another person than its author"),
                    ("two", "two people"),
                ],
                db_default="one",
                default="one",
                help_text="Who has to approve a draft. The author is whoever first wrote this version. For approvals to come.",
                max_length=10,
            ),
        ),
        migrations.RunPython(keep_the_rule, keep_the_answer),
        migrations.AddField(
            model_name="publication",
            name="agreed_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The first of two who approved it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed_by", None), models.Q(("agreed_by", models.F("approved_by")), _negated=True), _connector="OR"),
                name="two_who_approve_are_two_people",
            ),
        ),
    ]
