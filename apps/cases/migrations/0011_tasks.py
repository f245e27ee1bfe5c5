from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_improvements'),
    ]

    operations = [
        migrations.AlterField(
            model_name='followup',
            name='kind',
            field=models.CharField(choices=[('offer', 'offer to make'), ('thanks', 'thanks and referral'), ('call', 'call'), ('missing_role', 'contact to find'), ('task', 'task')], max_length=12, verbose_name='kind'),
        ),
    ]
