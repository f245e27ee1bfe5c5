import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Subjects beside deliveries. The rest of a contact is built anew over all rows: it takes a lock for that long."""

    dependencies = [
        ('accounts', '0008_consents_kept_from_before'),
        ('cases', '0010_improvements'),
        ('feedback', '0009_offers'),
        ('fulfilment', '0011_parts_of_one_ship_to'),
        ('ordering', '0015_several_ship_tos'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProgrammeVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('words', models.JSONField(verbose_name='words')),
                ('policy', models.JSONField(verbose_name='rules')),
                ('trigger', models.JSONField(verbose_name='what it asks about')),
                ('roles', models.JSONField(verbose_name='quotas of roles')),
                ('made_at', models.DateTimeField(verbose_name='used since')),
            ],
            options={
                'verbose_name': 'version of a programme',
                'verbose_name_plural': 'versions of programmes',
                'ordering': ['programme', '-number'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='invitation',
            name='one_ask_in_a_contacts_rest',
        ),
        migrations.AddField(
            model_name='invitation',
            name='case',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='cases.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='is_transactional',
            field=models.BooleanField(db_default=False, default=False, verbose_name='follows a case'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='order',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='ordering.order', verbose_name='order'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='series',
            field=models.CharField(choices=[('main', 'customers'), ('end_users', 'end users'), ('intermediaries', 'intermediaries')], db_default='main', default='main', max_length=14, verbose_name='counted with'),
        ),
        migrations.AddField(
            model_name='programme',
            name='kind',
            field=models.CharField(choices=[('delivery', 'after a delivery'), ('case', 'after a case was resolved'), ('relationship', 'every half-year'), ('first_order', 'after the first order'), ('lapsed', 'after a long silence')], db_default='delivery', default='delivery', max_length=12, verbose_name='asks'),
        ),
        migrations.AddField(
            model_name='programme',
            name='personas',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('operator', 'operator'), ('decision_maker', 'decision maker'), ('gatekeeper', 'gatekeeper'), ('end_user', 'end user'), ('intermediary', 'intermediary')], max_length=20), blank=True, db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)), default=list, size=None, verbose_name='personas'),
        ),
        migrations.AddField(
            model_name='programme',
            name='priority',
            field=models.PositiveSmallIntegerField(db_default=100, default=100, help_text='Of programmes of one kind the lowest number is first.', verbose_name='priority'),
        ),
        migrations.AddField(
            model_name='programme',
            name='series',
            field=models.CharField(choices=[('main', 'customers'), ('end_users', 'end users'), ('intermediaries', 'intermediaries')], db_default='main', default='main', max_length=14, verbose_name='counted with'),
        ),
        migrations.AlterField(
            model_name='invitation',
            name='reason',
            field=models.CharField(blank=True, choices=[('', 'asked'), ('throttled', 'asked recently'), ('account_cap', 'account asked often enough'), ('no_consent', 'no consent'), ('objected', 'objected'), ('no_address', 'nobody with an address'), ('open_case', 'a case is open'), ('known_failure', 'known failure, asked after the fix'), ('test_account', 'test account'), ('too_late', 'delivered too long ago'), ('programme_off', 'programme switched off'), ('bounced', 'address refused by its mail server'), ('role_quota', 'role asked often enough'), ('not_meant', 'not what the programme asks about'), ('other_programme', 'another programme asks'), ('voided', 'the delivery was taken back'), ('no_person', 'nobody in this role')], max_length=20, verbose_name='reason'),
        ),
        migrations.AddIndex(
            model_name='programme',
            index=models.Index(fields=['kind', 'priority'], name='programme_by_kind'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='feedback.programme', verbose_name='programme'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='version',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='feedback.programmeversion', verbose_name='version'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('case__isnull', False)), fields=['case'], name='invitation_about_case'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('order__isnull', False)), fields=['order'], name='invitation_about_order'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('contact__isnull', False), ('is_transactional', False), ('rest__isnull', False)), expressions=[(models.Func(models.F('contact'), models.F('contact'), models.Value('[]'), function='int8range'), '&&'), (models.F('rest'), '&&')], name='one_ask_in_a_contacts_rest'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('contact__isnull', False), ('is_transactional', True), ('rest__isnull', False)), expressions=[(models.Func(models.F('contact'), models.F('contact'), models.Value('[]'), function='int8range'), '&&'), (models.F('rest'), '&&')], name='one_effort_ask_in_its_rest'),
        ),
        migrations.AddConstraint(
            model_name='programmeversion',
            constraint=models.UniqueConstraint(fields=('programme', 'digest'), name='one_version_of_the_same_words'),
        ),
        migrations.AddConstraint(
            model_name='programmeversion',
            constraint=models.UniqueConstraint(fields=('programme', 'number'), name='programme_versions_are_numbered'),
        ),
    ]
