"""What is there already was about deliveries, and says so; a subject is decided about once.

Nothing is locked for long: rows are named in lots, each committed by itself, and indexes are built beside the traffic.
Run again after it was cut off, it goes on.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Max

LOT = 20_000
NAME_SUBJECTS = """
UPDATE feedback_invitation asked SET subject_ref = 'shipment:' || shipment.number
FROM fulfilment_shipment shipment
WHERE shipment.id = asked.shipment_id AND asked.subject_ref = '' AND asked.id > %s AND asked.id <= %s
"""
TIE_ANSWERS = """
UPDATE feedback_answer given SET shipment_id = shipment.id, order_id = shipment.order_id
FROM feedback_invitation asked JOIN fulfilment_shipment shipment ON shipment.id = asked.shipment_id
WHERE asked.id = given.invitation_id AND given.shipment_id IS NULL AND given.id > %s AND given.id <= %s
"""
ONE_DECISION = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_decision_per_subject
ON feedback_invitation (programme_id, subject_ref) WHERE NOT (subject_ref = '')
"""


def say_what_about(apps, schema_editor) -> None:
    for name, statement in (("Invitation", NAME_SUBJECTS), ("Answer", TIE_ANSWERS)):
        last = apps.get_model("feedback", name).objects.aggregate(last=Max("pk"))["last"] or 0
        with schema_editor.connection.cursor() as cursor:
            for after in range(0, last, LOT):
                cursor.execute(statement, [after, after + LOT])


def about(name: str) -> AddIndexConcurrently:
    condition = models.Q((f"{name}__isnull", False))
    return AddIndexConcurrently(
        "answer", models.Index(condition=condition, fields=[name], name=f"answer_about_{name}")
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0003_answers_of_several_kinds")]

    operations = [
        migrations.RunPython(say_what_about, migrations.RunPython.noop, atomic=False),
        migrations.RunSQL(
            ONE_DECISION,
            "DROP INDEX CONCURRENTLY IF EXISTS one_decision_per_subject",
            state_operations=[
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("subject_ref", ""), _negated=True),
                        fields=("programme", "subject_ref"),
                        name="one_decision_per_subject",
                    ),
                )
            ],
        ),
        AddIndexConcurrently(
            "answer",
            models.Index(
                condition=models.Q(("kind", "nps")),
                fields=["answered_at"],
                include=("score", "account"),
                name="answer_nps_by_time",
            ),
        ),
        about("shipment"),
        about("case"),
        about("order"),
    ]
