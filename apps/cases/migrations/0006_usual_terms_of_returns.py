"""The usual terms, so that operations find them in the admin and need only change them."""

from decimal import Decimal

from django.db import migrations

USUAL = (
    ("changed_mind", 30, 15, False, False),
    ("ordered_wrong", 30, 15, False, False),
    ("surplus", 60, 20, False, False),
    ("damaged", 14, 0, True, True),
    ("wrong_item", 30, 0, True, True),
    ("faulty", 365, 0, True, False),
    ("too_late", 14, 0, True, True),
)


def keep_usual(apps, _schema_editor):
    terms = apps.get_model("cases", "ReturnReasonTerms")
    terms.objects.bulk_create(
        terms(
            reason=reason, days=days, fee_percent=Decimal(fee), we_pay_freight=ours, is_automatic=automatic
        )
        for reason, days, fee, ours, automatic in USUAL
    )


class Migration(migrations.Migration):

    dependencies = [("cases", "0005_returns")]

    operations = [migrations.RunPython(keep_usual, migrations.RunPython.noop)]
