from django.db import migrations, models


def write_usual_days(apps, schema_editor):
    """How long it is kept who was named to us, to begin with."""
    apps.get_model("privacy", "Retention").objects.get_or_create(purpose="referrals", defaults={"days": 365})


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0009_offers'),
        ('privacy', '0002_usual_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='Referred',
            fields=[
            ],
            options={
                'verbose_name': 'person named to us',
                'verbose_name_plural': 'people named to us',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('feedback.referral',),
        ),
        migrations.AlterField(
            model_name='retention',
            name='purpose',
            field=models.CharField(choices=[('searches', 'what somebody searched for: deleted'), ('log_ins', 'attempts to log in, with their network: deleted'), ('mails', 'whom we mailed what: deleted'), ('comments', 'comments on deliveries, and what followed in their words: deleted, the score stays'), ('referrals', 'people named to us: who they are is deleted'), ('votes', 'scores sent through links that were no answer: deleted'), ('gone', 'people who left, with nothing since: erased')], max_length=10, unique=True, verbose_name='what'),
        ),
        migrations.RunPython(write_usual_days, migrations.RunPython.noop),
    ]
