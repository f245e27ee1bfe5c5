import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_reps_away'),
        ('catalogue', '0013_missed_searches'),
        ('ordering', '0016_ship_tos_of_quick_orders'),
        ('recommendations', '0007_suggestions_of_every_kind'),
    ]

    operations = [
        migrations.CreateModel(
            name='SuggestionDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='day')),
                ('kind', models.CharField(choices=[('next_order', 'due to reorder'), ('goes_with', 'goes with it'), ('usually_added', 'usually added'), ('missing_range', 'missing from the range'), ('substitute', 'substitute'), ('saving', 'costs less'), ('service', 'service that fits'), ('pick', 'picked by the rep')], max_length=13, verbose_name='kind')),
                ('place', models.CharField(choices=[('home', 'home page'), ('cart', 'cart'), ('quick_order', 'quick order'), ('product', 'product page'), ('confirmation', 'order confirmation'), ('search', 'empty search'), ('next_order', 'page of the next order'), ('mail', 'weekly letter'), ('api', 'API')], max_length=12, verbose_name='place')),
                ('shown', models.PositiveIntegerField(default=0, verbose_name='shown')),
                ('clicked', models.PositiveIntegerField(default=0, verbose_name='clicked')),
                ('added', models.PositiveIntegerField(default=0, verbose_name='put into the cart')),
            ],
            options={
                'verbose_name': 'day of suggestions',
                'verbose_name_plural': 'days of suggestions',
                'ordering': ['-on', 'kind', 'place'],
                'constraints': [models.UniqueConstraint(fields=('on', 'kind', 'place'), name='one_row_a_day_of_suggestions')],
            },
        ),
        migrations.CreateModel(
            name='SuggestionTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_out_percent', models.PositiveSmallIntegerField(default=10, help_text='Always the same accounts: so that it can be told what suggestions earn. What they ask for themselves, such as the page of the next order, and what their rep picked, they get as well.', validators=[django.core.validators.MaxValueValidator(50)], verbose_name='share that gets none, in percent')),
                ('held_out_since', models.DateField(blank=True, editable=False, help_text='What was earned is compared from that day on.', null=True, verbose_name='share as it is since')),
                ('writes_letters', models.BooleanField(default=True, verbose_name='weekly letter about the next order')),
                ('letter_hour', models.PositiveSmallIntegerField(default=7, help_text="By the reader's clock.", validators=[django.core.validators.MaxValueValidator(11)], verbose_name='hour of the letter')),
            ],
            options={
                'verbose_name': 'terms of suggestions',
                'verbose_name_plural': 'terms of suggestions',
                'constraints': [models.CheckConstraint(condition=models.Q(('held_out_percent__lte', 50), ('letter_hour__lte', 11), ('pk', 1)), name='one_row_of_suggestion_terms')],
            },
        ),
        migrations.CreateModel(
            name='NextOrderLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week_on', models.DateField(verbose_name='week that begins on')),
                ('on', models.DateField(verbose_name="day by the reader's clock")),
                ('lines', models.JSONField(default=list, verbose_name='products and quantities')),
                ('claimed_at', models.DateTimeField(verbose_name='begun')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='put into the cart')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.account', verbose_name='account')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.contact', verbose_name='contact')),
            ],
            options={
                'verbose_name': 'letter about a next order',
                'verbose_name_plural': 'letters about next orders',
                'ordering': ['-claimed_at', '-id'],
                'indexes': [models.Index(fields=['on'], name='next_order_letter_day')],
                'constraints': [models.UniqueConstraint(fields=('contact', 'week_on'), name='one_next_order_letter_a_week')],
            },
        ),
        migrations.CreateModel(
            name='SuggestionSale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('next_order', 'due to reorder'), ('goes_with', 'goes with it'), ('usually_added', 'usually added'), ('missing_range', 'missing from the range'), ('substitute', 'substitute'), ('saving', 'costs less'), ('service', 'service that fits'), ('pick', 'picked by the rep')], max_length=13, verbose_name='kind')),
                ('place', models.CharField(choices=[('home', 'home page'), ('cart', 'cart'), ('quick_order', 'quick order'), ('product', 'product page'), ('confirmation', 'order confirmation'), ('search', 'empty search'), ('next_order', 'page of the next order'), ('mail', 'weekly letter'), ('api', 'API')], max_length=12, verbose_name='place')),
                ('on', models.DateField(verbose_name='ordered')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.account', verbose_name='account')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.contact', verbose_name='contact')),
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ordering.orderline', verbose_name='order line')),
            ],
            options={
                'verbose_name': 'sale by a suggestion',
                'verbose_name_plural': 'sales by suggestions',
                'ordering': ['-on', '-id'],
                'indexes': [models.Index(fields=['on'], name='sale_by_suggestion_day')],
            },
        ),
        migrations.CreateModel(
            name='SuggestionTrace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('next_order', 'due to reorder'), ('goes_with', 'goes with it'), ('usually_added', 'usually added'), ('missing_range', 'missing from the range'), ('substitute', 'substitute'), ('saving', 'costs less'), ('service', 'service that fits'), ('pick', 'picked by the rep')], max_length=13, verbose_name='kind')),
                ('place', models.CharField(choices=[('home', 'home page'), ('cart', 'cart'), ('quick_order', 'quick order'), ('product', 'product page'), ('confirmation', 'order confirmation'), ('search', 'empty search'), ('next_order', 'page of the next order'), ('mail', 'weekly letter'), ('api', 'API')], max_length=12, verbose_name='place')),
                ('shown_on', models.DateField(blank=True, null=True, verbose_name='shown')),
                ('clicked_on', models.DateField(blank=True, null=True, verbose_name='clicked')),
                ('added_on', models.DateField(blank=True, null=True, verbose_name='put into the cart')),
                ('touched_at', models.DateTimeField(verbose_name='last changed')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.account', verbose_name='account')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.contact', verbose_name='contact')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'trace of a suggestion',
                'verbose_name_plural': 'traces of suggestions',
                'ordering': ['-touched_at', '-id'],
                'indexes': [models.Index(fields=['account', 'product'], name='trace_of_account'), models.Index(fields=['touched_at'], name='trace_touched')],
                'constraints': [models.UniqueConstraint(fields=('contact', 'product', 'kind', 'place'), name='one_trace_of_a_suggestion')],
            },
        ),
    ]
