
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('availability', '0001_initial'),
        ('ordering', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Shipment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                ('status', models.CharField(choices=[('planned', 'being picked'), ('shipped', 'on its way'), ('delivered', 'delivered'), ('cancelled', 'cancelled')], default='planned', max_length=10, verbose_name='status')),
                ('carrier', models.CharField(blank=True, max_length=80, verbose_name='carrier')),
                ('tracking_code', models.CharField(blank=True, max_length=60, verbose_name='tracking code')),
                ('promised_on', models.DateField(blank=True, null=True, verbose_name='first promise')),
                ('shipped_at', models.DateTimeField(blank=True, null=True, verbose_name='shipped')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='delivered')),
                ('received_by', models.CharField(blank=True, max_length=120, verbose_name='received by')),
                ('is_late', models.BooleanField(default=False, verbose_name='late')),
                ('is_short', models.BooleanField(default=False, verbose_name='short')),
                ('is_damaged', models.BooleanField(default=False, verbose_name='damaged')),
                ('ready_on', models.DateField(blank=True, null=True, verbose_name='ready to ship')),
                ('overdue_at', models.DateTimeField(blank=True, null=True, verbose_name='noticed as overdue')),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shipments', to='accounts.account', verbose_name='account')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shipments', to='ordering.order', verbose_name='order')),
                ('warehouse', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='availability.warehouse', verbose_name='from')),
            ],
            options={
                'verbose_name': 'shipment',
                'verbose_name_plural': 'shipments',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ShipmentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('delivered_quantity', models.PositiveIntegerField(blank=True, null=True, verbose_name='delivered')),
                ('damaged_quantity', models.PositiveIntegerField(default=0, verbose_name='damaged')),
                ('order_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shipment_lines', to='ordering.orderline', verbose_name='order line')),
                ('shipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='fulfilment.shipment', verbose_name='shipment')),
            ],
            options={
                'verbose_name': 'shipment line',
                'verbose_name_plural': 'shipment lines',
            },
        ),
        migrations.CreateModel(
            name='TrackingEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('picked_up', 'picked up'), ('in_transit', 'in transit'), ('out_for_delivery', 'out for delivery'), ('delivered', 'delivered'), ('exception', 'exception')], max_length=20, verbose_name='kind')),
                ('place', models.CharField(blank=True, max_length=80, verbose_name='place')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('source', models.CharField(max_length=40, verbose_name='source')),
                ('message_id', models.CharField(max_length=80, verbose_name='message id')),
                ('happened_at', models.DateTimeField(verbose_name='happened')),
                ('heard_at', models.DateTimeField(verbose_name='heard')),
                ('applied', models.BooleanField(default=True, verbose_name='applied')),
                ('unapplied_because', models.CharField(blank=True, max_length=120, verbose_name='not applied because')),
                ('shipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tracking', to='fulfilment.shipment', verbose_name='shipment')),
            ],
            options={
                'verbose_name': 'tracking event',
                'verbose_name_plural': 'tracking events',
                'ordering': ['happened_at', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(fields=['account', '-created_at'], name='shipment_of_account'),
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(fields=['delivered_at'], name='shipment_delivered'),
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(condition=models.Q(('status__in', ['planned', 'shipped'])), fields=['promised_on'], name='shipment_under_way'),
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(fields=['tracking_code'], name='shipment_tracking'),
        ),
        migrations.AddConstraint(
            model_name='shipmentline',
            constraint=models.UniqueConstraint(fields=('shipment', 'order_line'), name='one_line_per_shipment_and_order_line'),
        ),
        migrations.AddConstraint(
            model_name='shipmentline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='shipment_quantity_positive'),
        ),
        migrations.AddConstraint(
            model_name='shipmentline',
            constraint=models.CheckConstraint(condition=models.Q(('delivered_quantity', None), ('delivered_quantity__lte', models.F('quantity')), _connector='OR'), name='never_deliver_more_than_shipped'),
        ),
        migrations.AddConstraint(
            model_name='trackingevent',
            constraint=models.UniqueConstraint(fields=('shipment', 'source', 'message_id'), name='one_tracking_event_per_message'),
        ),
    ]
