"""From the words a buyer typed to what PostgreSQL is asked."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Round

from apps.catalogue.models import CustomerPartNumber, ProductCode
from apps.catalogue.rules import normal_code
from apps.core.scoping import Actor

LONGEST_TEXT = 120
LANGUAGE = "english"
WEIGHTS = [0.05, 0.2, 0.5, 1.0]  # description, attributes, brand and category, name
_STEPS_OF_RANK = 100  # coarse enough that near ties go by popularity
_WHOLE_CODE, _BEGINNING_OF_CODE = 20_000, 10_000
_MOST_CODES = 200
_BETWEEN = re.compile(r"(?<=\w)[-/_](?=\w)")
_TIMES = re.compile(r"(?<=\d)\s*[x×]\s*(?=\d)", re.IGNORECASE)  # "M8x40" is said as "M8 x 40" too
_OPERATOR = re.compile(r'"|\bor\b', re.IGNORECASE)
_LAST_WORD = re.compile(r"(?:^|\s)(\w{2,})$")


@dataclass(frozen=True, slots=True)
class Wording:
    """`matches` chooses products, `score` (a whole number) orders them, highest first."""

    matches: Q
    score: object


def wording_of(actor: Actor, text: str) -> Wording:
    """How `text`, folded, is searched; one query, for the codes it may be."""
    whole, beginning = _codes(actor, normal_code(text))
    query = _tsquery(_TIMES.sub(" ", _BETWEEN.sub(" ", text)))
    rank = Cast(Round(SearchRank(F("search"), query, weights=WEIGHTS) * Value(_STEPS_OF_RANK)), IntegerField())
    if not whole and not beginning:
        return Wording(Q(search=query), rank)
    bonus = Case(
        When(pk__in=whole, then=Value(_WHOLE_CODE)),
        When(pk__in=beginning, then=Value(_BEGINNING_OF_CODE)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return Wording(Q(search=query) | Q(pk__in=whole | beginning), rank + bonus)


def _tsquery(text: str) -> SearchQuery:
    """All words, the last one also unfinished. With quotes or alternatives in it, the text is left to websearch."""
    last = _LAST_WORD.search(text)
    whole = SearchQuery(text, config=LANGUAGE, search_type="websearch")
    if last is None or _OPERATOR.search(text):
        return whole
    prefix = f"'{last[1]}':*"
    unfinished = SearchQuery(prefix, config="simple", search_type="raw") | SearchQuery(
        prefix, config=LANGUAGE, search_type="raw"
    )
    before = text[: last.start()].strip()
    if not before:
        return unfinished
    return SearchQuery(before, config=LANGUAGE, search_type="websearch") & unfinished


def _codes(actor: Actor, normal: str) -> tuple[set[int], set[int]]:
    """Ids of the products with that code, and of those with a code that begins so, where it looks like one."""
    if len(normal) < 2:
        return set(), set()
    partly = len(normal) >= 3 and any(ch.isdigit() for ch in normal)
    alike = Q(normal__startswith=normal) if partly else Q(normal=normal)
    rows = ProductCode.objects.filter(alike).order_by().values_list("product_id", "normal")
    if actor.account_id is not None:
        own = CustomerPartNumber.objects.filter(alike, account=actor.account_id).order_by()
        rows = rows.union(own.values_list("product_id", "normal"))
    hits = list(rows[:_MOST_CODES])
    whole = {product_id for product_id, code in hits if code == normal}
    return whole, {product_id for product_id, _code in hits} - whole
