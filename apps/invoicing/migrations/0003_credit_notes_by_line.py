"""A credit note knows why, on which page, and of which line of its invoice each of its lines takes back a part."""

import django.db.models.deletion
from django.db import migrations, models

# Until now a line was known again by its order line, SKU and name; the first such line of the invoice was meant.
NAME_THE_LINES = """
UPDATE invoicing_invoiceline taken SET credits_id = found.id
FROM (
    SELECT DISTINCT ON (part.id) part.id AS part_id, line.id
    FROM invoicing_invoiceline part
    JOIN invoicing_invoice note ON note.id = part.invoice_id AND note.corrects_id IS NOT NULL
    JOIN invoicing_invoiceline line ON line.invoice_id = note.corrects_id AND line.sku = part.sku
        AND line.name = part.name AND line.order_line_id IS NOT DISTINCT FROM part.order_line_id
    ORDER BY part.id, line.position
) found
WHERE taken.id = found.part_id
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0002_payment_key")]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="key",
            field=models.CharField(blank=True, editable=False, max_length=40, null=True),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(fields=("corrects", "key"), name="credit_note_once_per_key"),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="credits",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credited",
                to="invoicing.invoiceline",
            ),
        ),
        migrations.RunSQL(NAME_THE_LINES, migrations.RunSQL.noop),
    ]
