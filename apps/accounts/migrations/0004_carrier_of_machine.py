from django.db import migrations, models
from django.db.models import F


def name_the_carriers(apps, schema_editor):
    """A carrier's machine was known by its purpose alone; where that is no carrier's name, its keys see nothing."""
    machines = apps.get_model("accounts", "ServiceKeyAccount").objects
    machines.filter(role="carrier").update(carrier=F("purpose"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_acting")]

    operations = [
        migrations.AddField(
            model_name="servicekeyaccount",
            name="carrier",
            field=models.CharField(
                blank=True,
                help_text="For a carrier, and only for it: its name as the ways of delivery and the shipments have it.",
                max_length=80,
                verbose_name="carrier",
            ),
        ),
        migrations.RunPython(name_the_carriers, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="servicekeyaccount",
            constraint=models.CheckConstraint(
                condition=(models.Q(role="carrier") & ~models.Q(carrier=""))
                | (~models.Q(role="carrier") & models.Q(carrier="")),
                name="only_a_carriers_machine_has_a_carrier",
                violation_error_message="A carrier's system needs the carrier's name; others have none.",
            ),
        ),
    ]
