"""Made while customers are asked and answer."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [('feedback', '0013_answers_after_a_silence')]

    operations = [
        AddIndexConcurrently(
            model_name='answer',
            index=models.Index(fields=['contact', 'answered_at'], name='answer_of_contact'),
        ),
        migrations.AlterField(
            model_name='answer',
            name='contact',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='accounts.contact', verbose_name='contact'),
        ),
        AddIndexConcurrently(
            model_name='invitation',
            index=models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['contact', 'sent_at'], name='invitation_sent'),
        ),
        AddIndexConcurrently(
            model_name='invitation',
            index=models.Index(condition=models.Q(('state__in', ['suppressed', 'cancelled'])), fields=['decided_at'], include=('programme', 'reason', 'account'), name='invitation_withheld'),
        ),
    ]
