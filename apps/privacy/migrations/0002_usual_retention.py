from django.db import migrations

USUAL = {"searches": 365, "log_ins": 180, "mails": 1095, "comments": 1095, "votes": 90, "gone": 1095}


def write_usual_days(apps, schema_editor):
    """How long things are kept to begin with; operations sets the days."""
    retention = apps.get_model("privacy", "Retention")
    for purpose, days in USUAL.items():
        retention.objects.get_or_create(purpose=purpose, defaults={"days": days})


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_people_and_retention")]

    operations = [migrations.RunPython(write_usual_days, migrations.RunPython.noop)]
