import datetime as dt

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def keep_what_was_said(apps, schema_editor):
    """Past days have shown each term since it began: they go on to do so."""
    Term = apps.get_model("programme", "Term")
    LateReason = apps.get_model("programme", "LateReason")
    for term in Term.objects.all():
        begun = dt.datetime.combine(term.starts_on, dt.time(), dt.UTC)
        Term.objects.filter(pk=term.pk).update(listed_at=begun)
    for term in Term.objects.exclude(late_said_at=None):
        if text := term.late_because.strip():
            LateReason.objects.create(term=term, text=text, said_at=term.late_said_at)


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0006_what_families_notice"),
    ]

    operations = [
        migrations.AddField(
            model_name="term",
            name="listed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.CreateModel(
            name="LateReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_reasons",
                        to="programme.term",
                    ),
                ),
            ],
            options={
                "verbose_name": "reason why an update is late",
                "ordering": ["said_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="a_reason_for_a_late_update_says_something",
                    )
                ],
            },
        ),
        migrations.RunPython(keep_what_was_said, migrations.RunPython.noop),
        migrations.RemoveField(model_name="term", name="late_because"),
        migrations.RemoveField(model_name="term", name="late_said_at"),
    ]
