"""Articles from csv, csv.gz and xlsx."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from apps.core.sheets import FORMULA
from apps.integrations.catalogue_import.articles import Article, SaidFeature, SaidPrice
from apps.integrations.catalogue_import.columns import Column, columns_of, guessed
from apps.integrations.catalogue_import.mimes import document_of
from apps.integrations.catalogue_import.understanding import RELATIONS
from apps.integrations.imports.reading import rows_of

_CODES = ("superseded", "competitor")


def articles_of(path: Path, mapping: Mapping[str, str]) -> Iterator[Article]:
    """Every row of the sheet, numbered from 1 below the headings."""
    with rows_of(path) as rows:
        headings = [heading.strip() for heading in next(rows, [])]
        taken = _taken(columns_of(headings, guessed(headings, mapping)))
        for number, row in enumerate(rows, 1):
            if any(row) and any(cell.strip() for cell in row):
                yield _article(number, row, taken)


def article_of(number: int, row: list[str], columns: Iterable[Column]) -> Article:
    """One row; parts that belong together are kept together by their number."""
    return _article(number, row, _taken(columns))


def _taken(columns: Iterable[Column]) -> list[tuple]:
    """What is asked of each cell, worked out once for a million rows."""
    return [(c.index, c.target, c.heading, (c.thing, c.group), _taker(c)) for c in columns]


def _taker(column: Column) -> Callable[[Article, str, str, str], None] | None:
    """What takes a cell of the column; an attribute may be told by its code."""
    if column.target == "attribute" and column.group:
        return lambda article, _target, heading, text: article.features.append(
            SaidFeature(heading, text, code=column.group)
        )
    return _TAKERS.get(column.target)


def _article(number: int, row: list[str], taken: list[tuple]) -> Article:
    article, grouped, width = Article(number), {}, len(row)
    texts, sent = article.texts, article.sent
    for index, target, heading, together, take in taken:
        text = _plain(row[index]) if index < width else ""
        if not text:
            continue
        sent[heading] = text[:500]
        if take:
            take(article, target, heading, text)
        elif together[0]:
            grouped.setdefault(together, {})[target] = text
        else:
            texts[target] = text
    if grouped:
        _put_together(article, grouped)
    return article


def _take_attribute(article: Article, _target: str, heading: str, text: str) -> None:
    article.features.append(SaidFeature(heading, text))


def _take_class(article: Article, _target: str, heading: str, text: str) -> None:
    article.classifications[heading] = text


def _take_codes(article: Article, target: str, _heading: str, text: str) -> None:
    article.codes += [(target, code.strip()) for code in text.split(",")]


def _take_relations(article: Article, target: str, _heading: str, text: str) -> None:
    said = [(target, sku.strip()) for sku in text.split(",") if sku.strip()]
    article.relations = [*(article.relations or []), *said]


def _take_picture(article: Article, _target: str, _heading: str, text: str) -> None:
    article.pictures.append(text)


def _take_document(article: Article, _target: str, heading: str, text: str) -> None:
    article.documents.append(document_of(heading, text))


_TAKERS = {
    "attribute": _take_attribute, "classification": _take_class, "picture": _take_picture, "document": _take_document,
    **dict.fromkeys(_CODES, _take_codes), **dict.fromkeys(RELATIONS, _take_relations),
}  # fmt: skip


def _plain(cell: str) -> str:
    """A cell without the apostrophe that guards it."""
    if cell.isalnum():
        return cell
    text = cell.replace("\0", "").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _put_together(article: Article, grouped: dict[tuple[str, str], dict[str, str]]) -> None:
    common = grouped.get(("price", ""), {})
    for (thing, _group), parts in grouped.items():
        if thing == "price" and "price" in parts:
            said = common | parts
            more = ("price_from", "price_currency", "price_type", "price_per")
            article.prices.append(SaidPrice(said["price"], *(said.get(part, "") for part in more)))
        elif thing == "pack" and "pack_quantity" in parts:
            name = parts.get("pack_name", "pack")
            article.packaging.append((parts["pack_quantity"], name, parts.get("pack_gtin", "")))
        elif thing == "feature" and "feature_name" in parts:
            value, unit = parts.get("feature_value", ""), parts.get("feature_unit", "")
            _take_feature(article, SaidFeature(parts["feature_name"], value, unit))


def _take_feature(article: Article, feature: SaidFeature) -> None:
    """A pair of name and value; a system of classes often stands among the properties."""
    if feature.name.strip().casefold().rstrip("-. 0123456789") in ("eclass", "unspsc", "etim", "proficlass"):
        article.classifications[feature.name.strip()] = feature.value
    else:
        article.features.append(feature)
