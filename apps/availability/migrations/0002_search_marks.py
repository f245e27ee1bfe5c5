"""Whoever changes stock marks the products that are in stock now and were not, or the other way round."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION availability_mark_flipped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_mark(array_agg(DISTINCT t.product_id)) FROM touched t JOIN before b USING (id)
        WHERE (t.on_hand > t.reserved + t.safety_stock) <> (b.on_hand > b.reserved + b.safety_stock);
    RETURN NULL;
END $$;
CREATE FUNCTION availability_mark_there() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_mark(array_agg(DISTINCT product_id)) FROM touched WHERE on_hand > reserved + safety_stock;
    RETURN NULL;
END $$;
"""
NO_FUNCTIONS = "DROP FUNCTION availability_mark_flipped(), availability_mark_there()"
TABLE = "availability_stocklevel"


def trigger(event: str, rows: str, function: str) -> migrations.RunSQL:
    name = f"{TABLE}_marked_on_{event}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {event} ON {TABLE} REFERENCING {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON {TABLE}",
    )


class Migration(migrations.Migration):
    dependencies = [("availability", "0001_initial"), ("catalogue", "0004_search_marks")]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        trigger("insert", "NEW TABLE AS touched", "availability_mark_there"),
        trigger("delete", "OLD TABLE AS touched", "availability_mark_there"),
        trigger("update", "OLD TABLE AS before NEW TABLE AS touched", "availability_mark_flipped"),
    ]
