from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("ordering", "0015_several_ship_tos"),
    ]

    operations = [
        migrations.AddField(
            model_name="quickorderline",
            name="place",
            field=models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="ship-to"),
        ),
    ]
