"""Questions may be about more than deliveries: a decision names its subject, an answer its kind and what it is about."""

import django.db.models.deletion
from django.db import migrations, models


def about(model: str, name: str) -> models.ForeignKey:
    """A new column that is empty everywhere, so that nothing has to be checked while it is locked."""
    return models.ForeignKey(
        blank=True,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="answers",
        to=model,
        verbose_name=name,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("feedback", "0002_product_reviews"),
        ("fulfilment", "0001_initial"),
        ("ordering", "0001_initial"),
    ]

    operations = [
        migrations.AddField("answer", "case", about("cases.case", "case")),
        migrations.AddField("answer", "order", about("ordering.order", "order")),
        migrations.AddField("answer", "shipment", about("fulfilment.shipment", "shipment")),
        migrations.AddField(
            model_name="answer",
            name="kind",
            field=models.CharField(
                choices=[("nps", "would recommend us"), ("effort", "how easy it was"), ("need", "what is missing")],
                db_default="nps",
                default="nps",
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="subject_ref",
            field=models.CharField(blank=True, db_default="", default="", max_length=80, verbose_name="about"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="shipment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="fulfilment.shipment",
                verbose_name="shipment",
            ),
        ),
    ]
