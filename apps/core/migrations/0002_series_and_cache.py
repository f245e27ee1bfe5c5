"""The series of public numbers, and the table of the cache that limits and locks live in."""

from django.db import migrations

SERIES = ("so", "sh", "in", "cn", "qu", "ca", "ac")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [f"CREATE SEQUENCE number_{name} AS bigint START 1000001" for name in SERIES],
            [f"DROP SEQUENCE number_{name}" for name in SERIES],
        ),
        migrations.RunSQL(
            [
                "CREATE TABLE cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL)",
                "CREATE INDEX cache_expires ON cache (expires)",
            ],
            ["DROP TABLE cache"],
        ),
    ]
