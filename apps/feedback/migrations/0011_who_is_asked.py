import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


NEVER_CHANGED = """
CREATE FUNCTION feedback_version_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'version % of programme % is what people were asked: it is never changed or deleted',
        OLD.number, OLD.programme_id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER version_never_changes BEFORE UPDATE OR DELETE ON feedback_programmeversion
FOR EACH ROW EXECUTE FUNCTION feedback_version_never_changes();
"""
CHANGED = """
DROP TRIGGER version_never_changes ON feedback_programmeversion;
DROP FUNCTION feedback_version_never_changes();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0010_kinds_of_programmes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Fatigue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact_rest_days', models.PositiveSmallIntegerField(default=0, help_text='0 means as each programme says.', verbose_name='rest per contact in days')),
                ('contact_year_cap', models.PositiveSmallIntegerField(default=0, help_text='Of all programmes; 0 means no limit.', verbose_name='asks per contact in 365 days')),
                ('account_cap', models.PositiveSmallIntegerField(default=0, help_text='Of all programmes; 0 means no limit.', verbose_name='asks per account')),
                ('account_cap_days', models.PositiveSmallIntegerField(default=30, verbose_name='within days')),
            ],
            options={
                'verbose_name': 'limits of the house',
                'verbose_name_plural': 'limits of the house',
            },
        ),
        migrations.CreateModel(
            name='ProgrammeWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('th', 'Thai'), ('ko', 'Korean'), ('vi', 'Vietnamese'), ('fa', 'Persian')], max_length=10, verbose_name='language')),
                ('question', models.CharField(blank=True, max_length=200, verbose_name='question')),
                ('follow_up_detractor', models.CharField(blank=True, max_length=200, verbose_name='asked after 0 to 6')),
                ('follow_up_passive', models.CharField(blank=True, max_length=200, verbose_name='asked after 7 or 8')),
                ('follow_up_promoter', models.CharField(blank=True, max_length=200, verbose_name='asked after 9 or 10')),
            ],
            options={
                'verbose_name': 'words in a language',
                'verbose_name_plural': 'words in other languages',
                'ordering': ['language'],
            },
        ),
        migrations.CreateModel(
            name='RoleQuota',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('buyer', 'buyer'), ('approver', 'approver'), ('finance', 'finance'), ('receiver', 'receiver'), ('administrator', 'company administrator')], max_length=16, verbose_name='role')),
                ('per_quarter', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, 'Ask the role at least once, or leave it out of the personas.')], verbose_name='asks per quarter')),
            ],
            options={
                'verbose_name': 'quota of a role',
                'verbose_name_plural': 'quotas of roles',
                'ordering': ['role'],
            },
        ),
        migrations.AddField(
            model_name='programme',
            name='carriers',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)), default=list, help_text='Names with commas between them; empty: any.', size=None, verbose_name='carriers'),
        ),
        migrations.AddField(
            model_name='programme',
            name='countries',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), size=None)), default=list, help_text='Codes of two letters with commas between them; empty: any.', size=None, verbose_name='countries'),
        ),
        migrations.AddField(
            model_name='programme',
            name='minimum_net',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='In the currency of the house; 0 means any.', max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='from a net value of'),
        ),
        migrations.AddField(
            model_name='programme',
            name='outcome',
            field=models.CharField(choices=[('any', 'any'), ('perfect', 'perfect ones'), ('failed', 'failed ones, after the fix')], db_default='any', default='any', max_length=7, verbose_name='deliveries'),
        ),
        migrations.AddField(
            model_name='programme',
            name='segments',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)), default=list, help_text='With commas between them; empty: any.', size=None, verbose_name='segments'),
        ),
        migrations.AddField(
            model_name='programme',
            name='share_percent',
            field=models.PositiveSmallIntegerField(db_default=100, default=100, help_text='Which ones is drawn once for each delivery.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='share of these, in percent'),
        ),
        migrations.AddField(
            model_name='programme',
            name='warehouses',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)), default=list, help_text='Codes with commas between them; empty: any.', size=None, verbose_name='warehouses'),
        ),
        migrations.AlterField(
            model_name='invitation',
            name='series',
            field=models.CharField(choices=[('main', 'customers'), ('end_users', 'end users'), ('intermediaries', 'intermediaries'), ('by_persona', 'each by their persona')], db_default='main', default='main', max_length=14, verbose_name='counted with'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='series',
            field=models.CharField(choices=[('main', 'customers'), ('end_users', 'end users'), ('intermediaries', 'intermediaries'), ('by_persona', 'each by their persona')], db_default='main', default='main', max_length=14, verbose_name='counted with'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('share_percent__gte', 1), ('share_percent__lte', 100)), name='programme_asks_a_share'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('minimum_net__gte', 0)), name='programme_asks_from_a_value'),
        ),
        migrations.AddConstraint(
            model_name='fatigue',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_row_of_house_limits'),
        ),
        migrations.AddField(
            model_name='programmewords',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='feedback.programme', verbose_name='programme'),
        ),
        migrations.AddField(
            model_name='rolequota',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotas', to='feedback.programme', verbose_name='programme'),
        ),
        migrations.AddConstraint(
            model_name='programmewords',
            constraint=models.UniqueConstraint(fields=('programme', 'language'), name='words_of_a_language_once'),
        ),
        migrations.AddConstraint(
            model_name='rolequota',
            constraint=models.UniqueConstraint(fields=('programme', 'role'), name='quota_of_a_role_once'),
        ),
        migrations.AddConstraint(
            model_name='rolequota',
            constraint=models.CheckConstraint(condition=models.Q(('per_quarter__gte', 1)), name='quota_of_at_least_one'),
        ),
        migrations.RunSQL(NEVER_CHANGED, CHANGED),
    ]
