"""Documents leave the folder that is served by path."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import migrations, models

import apps.catalogue.models.belongings


def move(source: Callable[[], str], target: Callable[[], str]):
    def moved(registry, _editor):
        names = registry.get_model("catalogue", "ProductDocument").objects.values_list("file", flat=True)
        for name in names.distinct().iterator():
            old, new = Path(source(), name), Path(target(), name)
            if name and old.is_file() and not new.exists():
                new.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(old, new)

    return moved


def _media() -> str:
    return settings.MEDIA_ROOT


def _private() -> str:
    return settings.PRIVATE_ROOT


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_thumbnails")]

    operations = [
        migrations.AlterField(
            "productdocument",
            "file",
            models.FileField(
                storage=apps.catalogue.models.belongings.document_storage, upload_to="documents/", verbose_name="file"
            ),
        ),
        migrations.AddIndex("productdocument", models.Index(fields=["file"], name="products_of_a_document")),
        migrations.RunPython(move(_media, _private), move(_private, _media)),
    ]
