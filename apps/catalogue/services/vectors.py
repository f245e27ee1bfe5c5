"""The search vector of a product, as SQL: the one place that says what is found by what.

A product's name weighs A, brand and category B, attributes C, summary and description D. Names stand in it as written
and by their stems, so that an unfinished word is found too. Hyphens and slashes part words, and an x between numbers
falls away, here as in a search (`search.words`). A number of an attribute is found alone and with its unit: "40 mm",
"40mm".
"""


def _parted(text: str) -> str:
    return rf"regexp_replace(regexp_replace({text}, '(\d)\s*[x×]\s*(?=\d)', '\1 ', 'gi'), '[-/_]', ' ', 'g')"


def vector_of(product: str) -> str:
    """The vector of the row `product`, where `c` is its category, `b` its brand and `a` comes from `words_of`."""
    parts = (
        ("simple", f"{product}.name", "A"),
        ("english", f"{product}.name", "A"),
        ("english", "concat_ws(' ', b.name, c.name)", "B"),
        ("english", "coalesce(a.words, '')", "C"),
        ("english", f"concat_ws(' ', {product}.summary, left({product}.description, 8000))", "D"),
    )
    return " || ".join(f"setweight(to_tsvector('{how}', {_parted(text)}), '{weight}')" for how, text, weight in parts)


def words_of(product: str) -> str:
    """The attributes of the row `product` in words, as a lateral join named `a`."""
    return f"""
LEFT JOIN LATERAL (
    SELECT string_agg(CASE jsonb_typeof(e.value)
        WHEN 'boolean' THEN CASE WHEN e.value = 'true' THEN t.name ELSE '' END
        ELSE concat(e.value #>> '{{}}', ' ', t.unit, ' ', e.value #>> '{{}}', t.unit) END, ' ') AS words
    FROM jsonb_each({product}.attributes) e JOIN catalogue_attribute t ON t.code = e.key
) a ON true
"""
