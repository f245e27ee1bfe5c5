from django.db import migrations, models


def write_usual_days(apps, schema_editor):
    """How long it is kept to whom what was suggested, to begin with."""
    apps.get_model("privacy", "Retention").objects.get_or_create(purpose="suggested", defaults={"days": 60})


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0005_mails_of_strangers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='retention',
            name='purpose',
            field=models.CharField(choices=[('searches', 'what somebody searched for and looked at: deleted'), ('notices', 'news of what happened, in the portal: deleted'), ('log_ins', 'attempts to log in, with their network: deleted'), ('mails', 'whom we mailed what: deleted'), ('comments', 'comments on deliveries, and what followed in their words: deleted, the score stays'), ('referrals', 'people named to us: who they are is deleted'), ('votes', 'scores sent through links that were no answer: deleted'), ('strangers', 'mails of people we do not know, and their files: deleted'), ('suggested', 'what was suggested to whom, and what they did with it: deleted, the sums stay'), ('gone', 'people who left, with nothing since: erased')], max_length=10, unique=True, verbose_name='what'),
        ),
        migrations.RunPython(write_usual_days, migrations.RunPython.noop),
    ]
