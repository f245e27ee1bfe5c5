from datetime import timedelta

from django.db import migrations
from django.utils import timezone


def give_a_day(apps, schema_editor):
    """Orders that are paid ahead and wait already have ten days from now."""
    waiting = apps.get_model("ordering", "Order").objects.filter(
        payment_kind="ahead", status__in=["awaiting_payment", "awaiting_approval", "awaiting_release"]
    )
    waiting.update(hold_days=10)
    waiting.filter(status="awaiting_payment").update(pay_by=timezone.localdate() + timedelta(days=10))


class Migration(migrations.Migration):
    dependencies = [("ordering", "0009_days_to_pay_ahead")]

    operations = [migrations.RunPython(give_a_day, migrations.RunPython.noop)]
