import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0015_own_brands'),
        ('recommendations', '0008_suggestions_measured'),
    ]

    operations = [
        migrations.CreateModel(
            name='CategoryService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, help_text='Buyers read it beside the service, as it stands here.', max_length=160, verbose_name='why')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.category', verbose_name='category and all below it')),
                ('service', models.ForeignKey(limit_choices_to={'kind': 'service'}, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.product', verbose_name='service')),
            ],
            options={
                'verbose_name': 'service of a category',
                'verbose_name_plural': 'services of categories',
                'ordering': ['category__path', 'service__name'],
                'constraints': [models.UniqueConstraint(fields=('category', 'service'), name='one_offer_of_a_service')],
            },
        ),
    ]
