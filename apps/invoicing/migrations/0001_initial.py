
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('fulfilment', '0001_initial'),
        ('ordering', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Issuer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='Tradewell', max_length=120, verbose_name='name')),
                ('street', models.CharField(blank=True, max_length=160, verbose_name='street')),
                ('postal_code', models.CharField(blank=True, max_length=20, verbose_name='postal code')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='city')),
                ('country', models.CharField(default='GB', max_length=2, verbose_name='country')),
                ('vat_number', models.CharField(blank=True, max_length=20, verbose_name='VAT number')),
                ('registration', models.CharField(blank=True, max_length=120, verbose_name='company registration')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('bank', models.CharField(blank=True, max_length=80, verbose_name='bank')),
                ('iban', models.CharField(blank=True, max_length=42, verbose_name='IBAN')),
                ('bic', models.CharField(blank=True, max_length=11, verbose_name='BIC')),
            ],
            options={
                'verbose_name': 'issuer of documents',
                'verbose_name_plural': 'issuer of documents',
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                ('kind', models.CharField(choices=[('invoice', 'invoice'), ('credit_note', 'credit note')], default='invoice', max_length=12, verbose_name='kind')),
                ('issued_on', models.DateField(verbose_name='issued')),
                ('due_on', models.DateField(verbose_name='due')),
                ('discount_percent', models.DecimalField(decimal_places=2, default=0, max_digits=4, verbose_name='early-payment discount in percent')),
                ('discount_until', models.DateField(blank=True, null=True, verbose_name='discount until')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('net', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='net')),
                ('tax', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='tax')),
                ('gross', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='gross')),
                ('paid', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='paid')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='accounts.account', verbose_name='account')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='ordering.order', verbose_name='order')),
                ('shipment', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invoice', to='fulfilment.shipment', verbose_name='shipment')),
            ],
            options={
                'verbose_name': 'invoice',
                'verbose_name_plural': 'invoices',
                'ordering': ['-issued_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='InvoiceLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('sku', models.CharField(blank=True, max_length=40, verbose_name='SKU')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('quantity', models.IntegerField(verbose_name='quantity')),
                ('uom', models.CharField(blank=True, max_length=8, verbose_name='unit of measure')),
                ('unit_price', models.DecimalField(decimal_places=4, max_digits=14, verbose_name='unit price')),
                ('net', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='net')),
                ('tax_percent', models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name='tax in percent')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='invoicing.invoice', verbose_name='invoice')),
                ('order_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invoice_lines', to='ordering.orderline')),
            ],
            options={
                'verbose_name': 'invoice line',
                'verbose_name_plural': 'invoice lines',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'received'), ('discount', 'early-payment discount')], default='received', max_length=10, verbose_name='kind')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('received_on', models.DateField(verbose_name='received')),
                ('reference', models.CharField(blank=True, max_length=80, verbose_name='reference')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='invoicing.invoice', verbose_name='invoice')),
            ],
            options={
                'verbose_name': 'payment',
                'verbose_name_plural': 'payments',
            },
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['account', '-issued_on', '-id'], name='invoice_of_account'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(condition=models.Q(('paid', models.F('gross')), _negated=True), fields=['account', 'due_on'], name='invoice_open'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.UniqueConstraint(fields=('invoice', 'position'), name='one_invoice_line_per_position'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='payment_not_zero'),
        ),
    ]
