from django.db import migrations

USUAL = (
    (1, "Payment reminder", 7, False),
    (2, "Second reminder", 21, False),
    (3, "Last reminder", 35, True),
)


def write_usual_levels(apps, schema_editor):
    """Three levels to begin with. They are not in use until operations say so: nobody is reminded by surprise."""
    level = apps.get_model("invoicing", "DunningLevel")
    for number, name, days, tells_rep in USUAL:
        level.objects.get_or_create(level=number, defaults={"name": name, "days": days, "tells_rep": tells_rep})


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0005_reminders_of_overdue_invoices")]

    operations = [migrations.RunPython(write_usual_levels, migrations.RunPython.noop)]
