from django.db import migrations

KEEP = """
INSERT INTO recommendations_dismissal (account_id, product_id, kind, until, said_at)
SELECT account_id, product_id, 'not_now', dismissed_until + 1, now()
FROM recommendations_regularsku WHERE dismissed_until >= current_date
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0004_next_orders_and_dismissals"),
    ]

    operations = [migrations.RunSQL(KEEP, migrations.RunSQL.noop)]
