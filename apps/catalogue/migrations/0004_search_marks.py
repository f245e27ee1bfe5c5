"""Triggers that mark what is to be indexed anew, whoever changes it: a page, the admin, an import by COPY, plain SQL.

A statement that touches more than 20,000 products marks everything: then building anew is quicker.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION catalogue_mark(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO catalogue_searchmark (products, transaction)
    SELECT CASE WHEN cardinality(ids) <= 20000 THEN to_jsonb(ids) END, pg_current_xact_id()::text::bigint
    WHERE cardinality(ids) > 0;
$$;
CREATE FUNCTION catalogue_mark_everything() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_searchmark (products, transaction) VALUES (NULL, pg_current_xact_id()::text::bigint);
    RETURN NULL;
END $$;
CREATE FUNCTION catalogue_mark_touched() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT %I) FROM touched', TG_ARGV[0]) INTO ids;
    PERFORM catalogue_mark(ids);
    RETURN NULL;
END $$;
CREATE FUNCTION catalogue_mark_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_mark(array_agg(p.id)) FROM (
        SELECT DISTINCT below.id FROM touched t JOIN before b USING (id)
        JOIN catalogue_category below ON below.path LIKE t.path || '%'
        WHERE (t.name, t.path) IS DISTINCT FROM (b.name, b.path)
    ) c JOIN catalogue_product p ON p.category_id = c.id;
    RETURN NULL;
END $$;
CREATE FUNCTION catalogue_mark_brand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_mark(array_agg(p.id)) FROM touched t JOIN before b USING (id)
        JOIN catalogue_product p ON p.brand_id = t.id WHERE t.name <> b.name;
    RETURN NULL;
END $$;
CREATE FUNCTION catalogue_mark_attribute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM touched t JOIN before b USING (id)
               WHERE (t.code, t.name, t.unit, t.kind) IS DISTINCT FROM (b.code, b.name, b.unit, b.kind)) THEN
        PERFORM catalogue_mark(array_agg(id)) FROM (SELECT id FROM catalogue_product LIMIT 20001) p;
    END IF;
    RETURN NULL;
END $$;
"""
NO_FUNCTIONS = """
DROP FUNCTION catalogue_mark_attribute(), catalogue_mark_brand(), catalogue_mark_category(), catalogue_mark_touched(),
    catalogue_mark_everything(), catalogue_mark(bigint[])
"""


def touched(table: str, column: str) -> list[migrations.RunSQL]:
    """Mark the products that `column` names, whenever rows of `table` come, change or go."""
    operations = []
    for event, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        name = f"{table}_marked_on_{event}"
        operations.append(
            migrations.RunSQL(
                f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows} TABLE AS touched"
                f" FOR EACH STATEMENT EXECUTE FUNCTION catalogue_mark_touched('{column}')",
                f"DROP TRIGGER {name} ON {table}",
            )
        )
    return operations


def renamed(table: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_marked_on_update AFTER UPDATE ON {table}"
        " REFERENCING OLD TABLE AS before NEW TABLE AS touched"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {table}_marked_on_update ON {table}",
    )


def everything(table: str, events: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_marks_everything AFTER {events} ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION catalogue_mark_everything()",
        f"DROP TRIGGER {table}_marks_everything ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_search_index")]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *touched("catalogue_product", "id"),
        *touched("catalogue_productcode", "product_id"),
        *touched("catalogue_producttext", "product_id"),
        renamed("catalogue_category", "catalogue_mark_category"),
        renamed("catalogue_brand", "catalogue_mark_brand"),
        renamed("catalogue_attribute", "catalogue_mark_attribute"),
        everything("catalogue_product", "TRUNCATE"),
        everything("catalogue_measureunit", "INSERT OR UPDATE OR DELETE"),
    ]
