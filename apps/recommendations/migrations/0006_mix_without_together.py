"""Trainings of before name a part of the mix that is not reckoned any more; the next one names its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0005_dismissals_of_regular_skus")]

    operations = [
        migrations.RunSQL("UPDATE recommendations_training SET mix = mix - 'together'", migrations.RunSQL.noop)
    ]
