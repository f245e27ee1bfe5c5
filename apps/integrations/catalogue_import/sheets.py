"""Articles from csv, csv.gz and xlsx."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from apps.core.sheets import FORMULA
from apps.integrations.catalogue_import.articles import Article, SaidFeature, SaidPrice
from apps.integrations.catalogue_import.columns import Column, columns_of, guessed
from apps.integrations.catalogue_import.mimes import document_of
from apps.integrations.catalogue_import.understanding import RELATIONS
from apps.integrations.sales_history.reading import rows_of

_CODES = ("superseded", "competitor")


def articles_of(path: Path, mapping: Mapping[str, str]) -> Iterator[Article]:
    """Every row of the sheet, numbered from 1 below the headings."""
    with rows_of(path) as rows:
        headings = [heading.strip() for heading in next(rows, [])]
        columns = columns_of(headings, guessed(headings, mapping))
        for number, row in enumerate(rows, 1):
            if any(cell.strip() for cell in row):
                yield article_of(number, row, columns)


def headings_of(path: Path, *, samples: int = 3) -> tuple[list[str], list[list[str]]]:
    """The headings, and the first rows below them."""
    with rows_of(path) as rows:
        headings = [heading.strip() for heading in next(rows, [])]
        return headings, [row for row, _number in zip(rows, range(samples), strict=False)]


def article_of(number: int, row: list[str], columns: Iterable[Column]) -> Article:
    """One row; parts that belong together are kept together by their number."""
    article, grouped = Article(number), {}
    for column in columns:
        text = _plain(row[column.index]) if column.index < len(row) else ""
        if not text:
            continue
        article.sent[column.heading] = text[:500]
        if column.target == "attribute":
            article.features.append(SaidFeature(column.heading, text))
        elif column.target == "classification":
            article.classifications[column.heading] = text
        elif column.target in _CODES:
            article.codes += [(column.target, code.strip()) for code in text.split(",")]
        elif column.target in RELATIONS:
            article.relations = [
                *(article.relations or []), *((column.target, sku.strip()) for sku in text.split(",") if sku.strip())
            ]  # fmt: skip
        elif column.target == "picture":
            article.pictures.append(text)
        elif column.target == "document":
            article.documents.append(document_of(column.heading, text))
        elif column.group or column.target.partition("_")[0] in ("price", "pack", "feature"):
            grouped.setdefault((column.target.partition("_")[0], column.group), {})[column.target] = text
        else:
            article.texts[column.target] = text
    _put_together(article, grouped)
    return article


def _plain(cell: str) -> str:
    """A cell without the apostrophe that guards it."""
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
