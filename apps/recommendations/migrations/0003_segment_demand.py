import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0009_thumbnails"),
        ("recommendations", "0002_watches"),
    ]

    operations = [
        migrations.CreateModel(
            name="SegmentDemand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("segment", models.CharField(max_length=40, verbose_name="segment")),
                ("accounts", models.PositiveIntegerField(verbose_name="accounts")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "demand of a segment",
                "verbose_name_plural": "demand of segments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("segment", "product"), name="one_demand_per_segment_and_product"
                    )
                ],
            },
        ),
    ]
