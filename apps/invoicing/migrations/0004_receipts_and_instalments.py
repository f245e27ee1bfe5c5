import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_carrier_of_machine'),
        ('invoicing', '0003_credit_notes_by_line'),
        ('ordering', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BankFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='file')),
                ('kind', models.CharField(choices=[('camt053', 'camt.053 (XML)'), ('csv', 'CSV')], max_length=8, verbose_name='kind')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('taken_at', models.DateTimeField(verbose_name='taken in')),
                ('taken_by_name', models.CharField(blank=True, max_length=120, verbose_name='by')),
                ('new', models.PositiveIntegerField(default=0, verbose_name='new')),
                ('known', models.PositiveIntegerField(default=0, verbose_name='known already')),
                ('outgoing', models.PositiveIntegerField(default=0, verbose_name='outgoing or not booked yet, left out')),
                ('problems', models.JSONField(blank=True, default=list, verbose_name='could not be read')),
            ],
            options={
                'verbose_name': 'bank statement file',
                'verbose_name_plural': 'bank statement files',
                'ordering': ['-taken_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='invoice',
            name='payment_kind',
            field=models.CharField(choices=[('account', 'on account'), ('instalments', 'in instalments'), ('ahead', 'ahead of delivery')], db_default='account', default='account', max_length=12, verbose_name='paid'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='payment_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='payment plan'),
        ),
        migrations.AddField(
            model_name='payment',
            name='booking',
            field=models.CharField(blank=True, db_default='', db_index=True, default='', editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name='payment',
            name='undoes',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='invoicing.payment'),
        ),
        migrations.AlterField(
            model_name='invoice',
            name='due_on',
            field=models.DateField(help_text='Of instalments the first that is not paid.', verbose_name='due'),
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('our_iban', models.CharField(blank=True, default='', max_length=42, verbose_name='our account')),
                ('bank_reference', models.CharField(max_length=120, verbose_name='bank reference')),
                ('received_on', models.DateField(verbose_name='received')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('payer_name', models.CharField(blank=True, max_length=140, verbose_name='payer')),
                ('payer_iban', models.CharField(blank=True, max_length=42, verbose_name="payer's account")),
                ('text', models.CharField(blank=True, max_length=1000, verbose_name='text')),
                ('state', models.CharField(choices=[('waiting', 'to be confirmed'), ('booked', 'booked'), ('set_aside', 'set aside')], default='waiting', max_length=10, verbose_name='state')),
                ('match', models.CharField(choices=[('reference', 'by its reference'), ('amount', 'by account and amount'), ('oldest', 'by account, the oldest first'), ('alone', 'by amount alone'), ('none', 'nothing found')], default='none', max_length=10, verbose_name='found')),
                ('unapplied', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='not applied yet')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('decided_by_name', models.CharField(blank=True, max_length=120, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='accounts.account', verbose_name='account')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='invoicing.bankfile', verbose_name='file')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='ordering.order', verbose_name='held for')),
            ],
            options={
                'verbose_name': 'money received',
                'verbose_name_plural': 'money received',
                'ordering': ['-received_on', '-id'],
            },
        ),
        migrations.AddField(
            model_name='payment',
            name='receipt',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='invoicing.receipt', verbose_name='money received'),
        ),
        migrations.CreateModel(
            name='Instalment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('due_on', models.DateField(verbose_name='due')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='instalments', to='invoicing.invoice', verbose_name='invoice')),
            ],
            options={
                'verbose_name': 'instalment',
                'verbose_name_plural': 'instalments',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('invoice', 'position'), name='one_instalment_per_position'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='instalment_positive')],
            },
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(condition=models.Q(('unapplied__gt', 0)), fields=['account', 'received_on'], name='receipt_unapplied'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(condition=models.Q(('payer_iban', ''), _negated=True), fields=['payer_iban'], name='receipt_of_iban'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(condition=models.Q(('order__isnull', False)), fields=['order'], name='receipt_for_order'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(fields=('our_iban', 'bank_reference'), name='received_once_per_bank_reference'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='received_more_than_nothing'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('unapplied__gte', 0), ('unapplied__lte', models.F('amount'))), name='applied_no_more_than_received'),
        ),
    ]
