"""A ship-to has the time zone of its own place; until now it had taken that of its account, wherever it stood."""

from django.db import migrations, models

import apps.accounts.models
from apps.accounts.zones import zone_of_place, zones_in


def give_their_own(apps, schema_editor) -> None:
    """What somebody chose among the country's zones, other than the account's, stays."""
    ship_tos = apps.get_model("accounts", "ShipTo").objects.select_related("account")
    changed = []
    for ship_to in ship_tos.iterator(chunk_size=2_000):
        zone = _zone_of(ship_to)
        if zone != ship_to.time_zone:
            ship_to.time_zone = zone
            changed.append(ship_to)
    ship_tos.bulk_update(changed, ["time_zone"], batch_size=500)


def _zone_of(ship_to) -> str:
    is_chosen = ship_to.time_zone != ship_to.account.time_zone and ship_to.time_zone in zones_in(ship_to.country)
    chosen = ship_to.time_zone if is_chosen else ""
    return zone_of_place(ship_to.country, ship_to.postal_code, chosen=chosen, otherwise=ship_to.account.time_zone)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="shipto",
            name="time_zone",
            field=models.CharField(
                blank=True,
                help_text="Empty: found by the country and the postal code.",
                max_length=40,
                validators=[apps.accounts.models.check_time_zone],
                verbose_name="time zone",
            ),
        ),
        migrations.RunPython(give_their_own, migrations.RunPython.noop),
    ]
