import django.db.models.deletion
from django.db import migrations, models

import apps.integrations.models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0004_pictures")]

    operations = [
        migrations.AlterField(
            "picturebatch",
            "file",
            models.FileField(
                blank=True,
                storage=apps.integrations.models.private_storage,
                upload_to=apps.integrations.models.import_path,
                verbose_name="file",
            ),
        ),
        migrations.CreateModel(
            "PictureAddress",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sku", models.CharField(max_length=60, verbose_name="SKU")),
                ("url", models.CharField(max_length=1000, verbose_name="address")),
                ("kind", models.CharField(default="picture", max_length=12, verbose_name="kind")),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="title")),
                ("place", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "to be fetched"),
                            ("taken", "taken"),
                            ("unchanged", "unchanged"),
                            ("refused", "refused"),
                        ],
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=300, verbose_name="what is wrong")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="integrations.picturebatch",
                        verbose_name="batch",
                    ),
                ),
            ],
            options={
                "verbose_name": "address of a picture",
                "verbose_name_plural": "addresses of pictures",
                "indexes": [
                    models.Index(fields=["due_at", "id"], name="picture_to_fetch", condition=models.Q(("state", ""))),
                    models.Index(fields=["sku", "url"], name="picture_fetched_before"),
                ],
            },
        ),
    ]
