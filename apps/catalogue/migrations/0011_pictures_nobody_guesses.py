from django.db import migrations, models

import apps.catalogue.models.products


def _picture(**said):
    return models.FileField(upload_to=apps.catalogue.models.products.picture_path, **said)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_documents_behind_a_door")]

    operations = [
        migrations.AlterField("product", "picture", _picture(blank=True, verbose_name="picture")),
        migrations.AlterField("productpicture", "file", _picture(verbose_name="file")),
    ]
