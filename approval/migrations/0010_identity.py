import hashlib
from datetime import UTC

from django.db import migrations, models

OF_CONTENT = "content:"
"""So began the refs that the page gave to lines without one."""


def identify(apps, schema_editor):
    """Those that came through a door for machines, or from a file, and have no ref of their own."""
    Draft = apps.get_model("approval", "Draft")
    Decision = apps.get_model("approval", "Decision")
    written = Decision.objects.filter(verb="written").order_by("pk")
    digests = dict(written.filter(draft__ref__startswith=OF_CONTENT).values_list("draft", "digest"))
    digests |= dict(written.filter(draft__ref=None, via__in=["cli", "api", "mcp"]).values_list("draft", "digest"))
    taken = set()
    for draft in Draft.objects.filter(pk__in=digests).order_by("pk").only("pk", "ref", "suggested_at").iterator():
        at = draft.suggested_at.astimezone(UTC).isoformat() if draft.suggested_at else ""
        identity = hashlib.sha256(f"{digests[draft.pk]} {at}".encode()).hexdigest()
        known = None if identity in taken else identity
        taken.add(identity)
        Draft.objects.filter(pk=draft.pk).update(ref=None, identity=known)


class Migration(migrations.Migration):
    dependencies = [("approval", "0009_agreed")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="identity",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Of what was brought without a ref.",
                max_length=64,
                null=True,
                unique=True,
            ),
        ),
        migrations.RunPython(identify, migrations.RunPython.noop, elidable=True),
    ]
