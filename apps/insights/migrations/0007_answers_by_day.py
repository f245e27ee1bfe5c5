"""Windows, what was said a day, and what takes out of every sum what is deleted.

New columns are empty, which locks nothing for long: `count_missed` fills them a lot at a time.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

UNCOUNT = """
CREATE FUNCTION insights_uncount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM insights_sumsstand FOR SHARE;
    UPDATE insights_scoremonth m SET promoters = m.promoters - g.promoters, passives = m.passives - g.passives,
        detractors = m.detractors - g.detractors
    FROM (
        SELECT account_id, month, role, count(*) FILTER (WHERE value = 1) AS promoters,
            count(*) FILTER (WHERE value = 0) AS passives, count(*) FILTER (WHERE value = -1) AS detractors
        FROM gone GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ) g WHERE (m.account_id, m.month, m.role) = (g.account_id, g.month, g.role);
    DELETE FROM insights_monthofhouse h WHERE h.month IN (SELECT month FROM gone);
    UPDATE insights_scorepart m SET promoters = m.promoters - g.promoters, passives = m.passives - g.passives,
        detractors = m.detractors - g.detractors
    FROM (
        SELECT account_id, month, part, count(*) FILTER (WHERE value = 1) AS promoters,
            count(*) FILTER (WHERE value = 0) AS passives, count(*) FILTER (WHERE value = -1) AS detractors
        FROM gone, unnest(parts) AS part GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ) g WHERE (m.account_id, m.month, m.part) = (g.account_id, g.month, g.part);
    UPDATE insights_scorewindow m SET promoters = m.promoters - g.promoters, passives = m.passives - g.passives,
        detractors = m.detractors - g.detractors
    FROM (
        SELECT w.name, split_part(part, ':', 1) AS way, substr(part, strpos(part, ':') + 1) AS key, account_id,
            count(*) FILTER (WHERE value = 1) AS promoters, count(*) FILTER (WHERE value = 0) AS passives,
            count(*) FILTER (WHERE value = -1) AS detractors
        FROM insights_sumsstand s, (VALUES ('now', 89, 0), ('before', 179, 90), ('year', 364, 0)) w (name, first, last),
            gone g, unnest(g.parts || ('role:' || g.role)::varchar) AS part
        WHERE g.day BETWEEN s.day - w.first AND s.day - w.last GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ) g WHERE (m.name, m.way, m.key, m.account_id) = (g.name, g.way, g.key, g.account_id);
    UPDATE insights_saidofday m SET n = m.n - g.n
    FROM (SELECT day, one, count(*) AS n FROM gone, unnest(said) AS one GROUP BY 1, 2 ORDER BY 1, 2) g
    WHERE (m.day, m.said) = (g.day, g.one);
    RETURN NULL;
END $$;
CREATE TRIGGER insights_countedanswer_gone AFTER DELETE ON insights_countedanswer REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION insights_uncount();
"""
NO_UNCOUNT = "DROP TRIGGER insights_countedanswer_gone ON insights_countedanswer; DROP FUNCTION insights_uncount()"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_consents_kept_from_before'),
        ('feedback', '0013_answers_after_a_silence'),
        ('insights', '0006_answers_by_persona'),
    ]

    operations = [
        migrations.CreateModel(
            name='SaidOfDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('said', models.CharField(max_length=100, verbose_name='what was said')),
                ('n', models.IntegerField(verbose_name='answers')),
            ],
            options={
                'verbose_name': 'said of a day',
                'verbose_name_plural': 'said of days',
                'constraints': [models.UniqueConstraint(fields=('day', 'said'), name='one_said_of_day')],
            },
        ),
        migrations.CreateModel(
            name='ScoreWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=6, verbose_name='window')),
                ('way', models.CharField(max_length=9, verbose_name='by')),
                ('key', models.CharField(blank=True, max_length=100)),
                ('promoters', models.IntegerField(verbose_name='promoters')),
                ('passives', models.IntegerField(verbose_name='passives')),
                ('detractors', models.IntegerField(verbose_name='detractors')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.account', verbose_name='account')),
            ],
            options={
                'verbose_name': 'score of a window',
                'verbose_name_plural': 'scores of windows',
                'constraints': [models.UniqueConstraint(fields=('name', 'way', 'key', 'account'), name='one_score_window')],
            },
        ),
        migrations.CreateModel(
            name='MonthOfHouse',
            fields=[
                ('month', models.DateField(primary_key=True, serialize=False, verbose_name='month')),
                ('promoters', models.IntegerField(verbose_name='promoters')),
                ('passives', models.IntegerField(verbose_name='passives')),
                ('detractors', models.IntegerField(verbose_name='detractors')),
                ('accounts', models.IntegerField(verbose_name='accounts')),
                ('nn', models.BigIntegerField()),
                ('nt', models.BigIntegerField()),
                ('tt', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'month of the house',
                'verbose_name_plural': 'months of the house',
            },
        ),
        migrations.CreateModel(
            name='SumsStand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(null=True, verbose_name='day')),
            ],
            options={
                'verbose_name': 'day of the windows',
                'verbose_name_plural': 'day of the windows',
            },
        ),
        migrations.AddField(
            model_name='countedanswer',
            name='day',
            field=models.DateField(null=True, verbose_name='day'),
        ),
        migrations.AddField(
            model_name='countedanswer',
            name='said',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), null=True, size=None, verbose_name='what it said'),
        ),
        migrations.AddField(
            model_name='countedanswer',
            name='had_said',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), editable=False, null=True, size=None),
        ),
        migrations.RunSQL(UNCOUNT, NO_UNCOUNT),
    ]
