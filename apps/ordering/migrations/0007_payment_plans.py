import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_carrier_of_machine'),
        ('ordering', '0006_cost_centre_of_a_standing_order'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='fee_net',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=12, verbose_name='fee, net'),
        ),
        migrations.AddField(
            model_name='order',
            name='instalment_days',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='days between'),
        ),
        migrations.AddField(
            model_name='order',
            name='instalments',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='instalments'),
        ),
        migrations.AddField(
            model_name='order',
            name='payment_kind',
            field=models.CharField(choices=[('account', 'on account'), ('instalments', 'in instalments'), ('ahead', 'ahead of delivery')], db_default='account', default='account', max_length=12, verbose_name='paid'),
        ),
        migrations.AddField(
            model_name='order',
            name='payment_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='payment plan'),
        ),
        migrations.AlterField(
            model_name='approval',
            name='reason',
            field=models.CharField(choices=[('spend_limit', "above the buyer's spend limit"), ('period_limit', "above the buyer's spend limit for the period"), ('budget', 'above the budget of the cost centre'), ('policy', 'by an approval policy'), ('credit_limit', 'above the credit limit'), ('prepayment', 'paid ahead of delivery')], max_length=12, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='order',
            name='status',
            field=models.CharField(choices=[('awaiting_approval', 'awaiting approval'), ('awaiting_release', 'awaiting credit release'), ('awaiting_payment', 'awaiting payment'), ('placed', 'placed'), ('confirmed', 'confirmed'), ('shipped', 'shipped'), ('delivered', 'delivered'), ('cancelled', 'cancelled'), ('declined', 'declined')], default='placed', max_length=20, verbose_name='status'),
        ),
        migrations.CreateModel(
            name='PaymentPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='code')),
                ('name', models.CharField(help_text='As buyers read it.', max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('instalments', 'in instalments'), ('ahead', 'ahead of delivery')], max_length=12, verbose_name='kind')),
                ('parts', models.PositiveSmallIntegerField(default=1, verbose_name='instalments')),
                ('first_days', models.PositiveSmallIntegerField(default=0, help_text='From the invoice to the day the first instalment is due.', verbose_name='days to the first')),
                ('every_days', models.PositiveSmallIntegerField(default=30, verbose_name='days between')),
                ('fee_percent', models.DecimalField(decimal_places=2, default=0, help_text='Of goods and freight, net; taxed like freight.', max_digits=4, verbose_name='fee in percent')),
                ('minimum', models.DecimalField(decimal_places=2, default=0, help_text='The smallest order, gross.', max_digits=14, verbose_name='from')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('account', models.ForeignKey(blank=True, help_text='And its subsidiaries. Without account and group it is offered to everybody.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.account', verbose_name='for the account')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.accountgroup', verbose_name='for the group')),
            ],
            options={
                'verbose_name': 'payment plan',
                'verbose_name_plural': 'payment plans',
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('fee_percent', 0), ('kind', 'ahead'), ('parts', 1)), models.Q(('kind', 'instalments'), ('parts__gte', 2), ('parts__lte', 60)), _connector='OR'), name='plan_of_a_kind', violation_error_message='Instalments are 2 to 60; payment ahead is in one, without a fee.'), models.CheckConstraint(condition=models.Q(('kind', 'ahead'), ('every_days__gte', 1), _connector='OR'), name='instalments_lie_apart', violation_error_message='Between two instalments lies at least a day.'), models.CheckConstraint(condition=models.Q(('fee_percent__gte', 0), ('fee_percent__lte', 50), ('minimum__gte', 0)), name='plan_within_reason'), models.CheckConstraint(condition=models.Q(('account', None), ('group', None), _connector='OR'), name='plan_for_account_or_group', violation_error_message='Name an account or a group, not both.')],
            },
        ),
    ]
