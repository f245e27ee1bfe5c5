from django.db import migrations, models


def write_usual_days(apps, schema_editor):
    """How long talks with customers, and what they put away on home, are kept to begin with."""
    for purpose, days in (("talks", 1095), ("greetings", 400)):
        apps.get_model("privacy", "Retention").objects.get_or_create(purpose=purpose, defaults={"days": days})


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0006_suggestions_are_forgotten'),
    ]

    operations = [
        migrations.AlterField(
            model_name='retention',
            name='purpose',
            field=models.CharField(choices=[('searches', 'what somebody searched for and looked at: deleted'), ('notices', 'news of what happened, in the portal: deleted'), ('log_ins', 'attempts to log in, with their network: deleted'), ('mails', 'whom we mailed what: deleted'), ('comments', 'comments on deliveries, and what followed in their words: deleted, the score stays'), ('referrals', 'people named to us: who they are is deleted'), ('votes', 'scores sent through links that were no answer: deleted'), ('strangers', 'mails of people we do not know, and their files: deleted'), ('suggested', 'what was suggested to whom, and what they did with it: deleted, the sums stay'), ('talks', 'talks with customers, notes on accounts, days of visits: deleted'), ('greetings', 'which messages on home somebody put away: deleted'), ('gone', 'people who left, with nothing since: erased')], max_length=10, unique=True, verbose_name='what'),
        ),
        migrations.RunPython(write_usual_days, migrations.RunPython.noop),
    ]
