from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_product_questions")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="reopened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reopened at"),
        ),
    ]
