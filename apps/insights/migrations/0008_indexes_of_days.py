"""Made while answers are counted."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [('insights', '0007_answers_by_day')]

    operations = [
        AddIndexConcurrently(
            model_name='countedanswer',
            index=models.Index(condition=models.Q(('day', None)), fields=['answer'], name='counted_without_day'),
        ),
        AddIndexConcurrently(
            model_name='countedanswer',
            index=models.Index(fields=['day'], name='counted_answer_by_day'),
        ),
        RemoveIndexConcurrently(model_name='countedanswer', name='counted_without_persona'),
    ]
