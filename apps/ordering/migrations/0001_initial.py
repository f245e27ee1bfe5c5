
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('catalogue', '0001_initial'),
        ('delivery', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checkout_key', models.UUIDField(editable=False, null=True)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.account', verbose_name='account')),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='cart', to='accounts.contact', verbose_name='contact')),
            ],
            options={
                'verbose_name': 'cart',
                'verbose_name_plural': 'carts',
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                ('placed_by_name', models.CharField(blank=True, help_text='Where a rep ordered on behalf.', max_length=120, verbose_name='entered by')),
                ('ship_to_text', models.TextField(blank=True, verbose_name='delivery address')),
                ('country', models.CharField(default='GB', max_length=2, verbose_name='destination country')),
                ('channel', models.CharField(choices=[('portal', 'portal'), ('rep', 'rep on behalf'), ('api', 'API'), ('quote', 'quote'), ('import', 'imported history')], default='portal', max_length=8, verbose_name='channel')),
                ('status', models.CharField(choices=[('awaiting_approval', 'awaiting approval'), ('awaiting_release', 'awaiting credit release'), ('placed', 'placed'), ('confirmed', 'confirmed'), ('shipped', 'shipped'), ('delivered', 'delivered'), ('cancelled', 'cancelled'), ('declined', 'declined')], default='placed', max_length=20, verbose_name='status')),
                ('po_number', models.CharField(blank=True, max_length=60, verbose_name='PO number')),
                ('notes', models.TextField(blank=True, verbose_name='notes')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('requested_on', models.DateField(blank=True, null=True, verbose_name='requested for')),
                ('promised_on', models.DateField(blank=True, help_text='The latest first promise among its lines.', null=True, verbose_name='promised for')),
                ('net_days', models.PositiveSmallIntegerField(default=30, verbose_name='net days')),
                ('discount_percent', models.DecimalField(decimal_places=2, default=0, max_digits=4, verbose_name='early-payment discount in percent')),
                ('discount_days', models.PositiveSmallIntegerField(default=0, verbose_name='early-payment days')),
                ('goods_net', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='goods, net')),
                ('freight_net', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='freight, net')),
                ('freight_tax_percent', models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name='tax on freight in percent')),
                ('tax', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='tax')),
                ('gross', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='gross')),
                ('idempotency_key', models.CharField(blank=True, editable=False, max_length=80)),
                ('placed_at', models.DateTimeField(verbose_name='placed')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='accounts.account', verbose_name='account')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='orders', to='accounts.contact', verbose_name='ordered by')),
                ('delivery_option', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.deliveryoption', verbose_name='delivery option')),
                ('ship_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.shipto', verbose_name='ship-to')),
            ],
            options={
                'verbose_name': 'order',
                'verbose_name_plural': 'orders',
                'ordering': ['-placed_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('spend_limit', "above the buyer's spend limit"), ('credit_limit', 'above the credit limit')], max_length=12, verbose_name='reason')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('approved', 'approved'), ('declined', 'declined')], default='waiting', max_length=10, verbose_name='state')),
                ('decided_by_name', models.CharField(blank=True, max_length=120, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('comment', models.TextField(blank=True, verbose_name='comment')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='ordering.order', verbose_name='order')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('sku', models.CharField(max_length=40, verbose_name='SKU')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('uom', models.CharField(default='pc', max_length=8, verbose_name='unit of measure')),
                ('unit_price', models.DecimalField(decimal_places=4, max_digits=14, verbose_name='unit price')),
                ('price_source', models.CharField(choices=[('list', 'list price'), ('account', 'account price'), ('group', 'group price'), ('contract', 'contract price'), ('quote', 'quoted price'), ('history', 'as invoiced')], max_length=10, verbose_name='price from')),
                ('price_source_ref', models.CharField(blank=True, max_length=60, verbose_name='list or contract')),
                ('net', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='net')),
                ('tax_percent', models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name='tax in percent')),
                ('promised_on', models.DateField(blank=True, null=True, verbose_name='first promise')),
                ('ready_on', models.DateField(blank=True, null=True, verbose_name='ready to ship')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='note')),
                ('shipped_quantity', models.PositiveIntegerField(default=0, verbose_name='shipped')),
                ('delivered_quantity', models.PositiveIntegerField(default=0, verbose_name='delivered')),
                ('returned_quantity', models.PositiveIntegerField(default=0, verbose_name='returned or cancelled later')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='ordering.order', verbose_name='order')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='order_lines', to='catalogue.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'order line',
                'verbose_name_plural': 'order lines',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                ('status', models.CharField(choices=[('requested', 'waiting for the rep'), ('offered', 'offered'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'expired')], default='requested', max_length=10, verbose_name='status')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('message', models.TextField(blank=True, verbose_name='message')),
                ('answer', models.TextField(blank=True, verbose_name="the rep's answer")),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('requested_at', models.DateTimeField(verbose_name='requested')),
                ('offered_at', models.DateTimeField(blank=True, null=True, verbose_name='offered at')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotes', to='accounts.account', verbose_name='account')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.contact', verbose_name='asked by')),
                ('order', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='quote', to='ordering.order', verbose_name='order')),
            ],
            options={
                'verbose_name': 'quote',
                'verbose_name_plural': 'quotes',
                'ordering': ['-requested_at'],
            },
        ),
        migrations.CreateModel(
            name='QuoteLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('current_price', models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name='price when asked')),
                ('offered_price', models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name='offered price')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.product', verbose_name='product')),
                ('quote', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='ordering.quote', verbose_name='quote')),
            ],
            options={
                'verbose_name': 'quote line',
                'verbose_name_plural': 'quote lines',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CartLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('shown_price', models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name='price shown')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='note')),
                ('cart', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='ordering.cart', verbose_name='cart')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'cart line',
                'verbose_name_plural': 'cart lines',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('cart', 'product'), name='one_line_per_product_in_a_cart'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='cart_quantity_positive')],
            },
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['account', '-placed_at', '-id'], name='order_of_account'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('status__in', ['delivered', 'cancelled', 'declined']), _negated=True), fields=['status', '-placed_at'], name='order_open'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['-placed_at'], name='order_latest'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(condition=models.Q(('idempotency_key', ''), _negated=True), fields=('account', 'idempotency_key'), name='one_order_per_key'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(fields=('order', 'reason'), name='one_approval_per_reason'),
        ),
        migrations.AddIndex(
            model_name='orderline',
            index=models.Index(fields=['product', 'order'], name='order_line_of_product'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'position'), name='one_line_per_position'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='order_quantity_positive'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('unit_price__gte', 0)), name='order_price_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('shipped_quantity__lte', models.F('quantity'))), name='never_ship_more_than_ordered'),
        ),
        migrations.AddIndex(
            model_name='quote',
            index=models.Index(fields=['account', '-requested_at'], name='quote_of_account'),
        ),
        migrations.AddConstraint(
            model_name='quoteline',
            constraint=models.UniqueConstraint(fields=('quote', 'product'), name='one_line_per_product_in_a_quote'),
        ),
        migrations.AddConstraint(
            model_name='quoteline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='quote_quantity_positive'),
        ),
    ]
