import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_zones_of_contacts_and_places_of_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeskView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(choices=[('today', 'today'), ('portfolio', 'portfolio'), ('cases', 'cases')], max_length=10, verbose_name='page')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(max_length=1000, verbose_name='filters')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'saved view of the desk',
                'verbose_name_plural': 'saved views of the desk',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(models.F('owner'), models.F('page'), django.db.models.functions.text.Lower('name'), name='one_desk_view_per_name')],
            },
        ),
    ]
