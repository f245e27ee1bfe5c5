"""The fields of an index entry, and how the words in them are taken apart.

| field | holds | found by |
|---|---|---|
| `name`, `kin`, `traits`, `prose` | the name; brand and categories; attributes; summary and description | stems |
| `word` | words of name, brand and categories as written | beginnings, spelling |
| `measures` | sizes in base units: 12.7mm | sizes in any unit |
| `foreign`, `foreign_prose` | name and text in other languages, taken apart by `analysis` | their words |
| `codes`, `grams` | every code in its normal form; its runs of four characters in their order | codes, fragments |
| `attr`, `path`, `category`, `brand`, `stock`, `status`, `id` | what narrows and is counted | filters, facets |
| `rank`, `weight`, `by_name` | place by popularity, unique; what popularity adds to a score; place by name | sorting |
"""

from functools import lru_cache

from tantivy import Filter, Index, Schema, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

VERSION = 2  # of what stands in the index: another number builds it anew
LONGEST_WORD = 40

ENTRY, PROGRESS = "product", "progress"


@lru_cache
def schema() -> Schema:
    build = SchemaBuilder()
    build.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    build.add_text_field("note", stored=True, tokenizer_name="raw", index_option="basic")
    build.add_text_field("status", tokenizer_name="raw", index_option="basic")
    for field in ("name", "prose"):
        build.add_text_field(field, tokenizer_name="stems", index_option="position")
    for field in ("kin", "traits"):
        build.add_text_field(field, tokenizer_name="stems", index_option="freq")
    build.add_text_field("word", tokenizer_name="words", index_option="basic")
    for field in ("measures", "foreign", "foreign_prose"):
        build.add_text_field(field, tokenizer_name="spaces", index_option="freq")
    build.add_text_field("codes", tokenizer_name="spaces", index_option="basic")
    build.add_text_field("grams", tokenizer_name="spaces", index_option="position")
    build.add_text_field("attr", tokenizer_name="raw", index_option="basic", fast=True)
    build.add_integer_field("id", indexed=True, fast=True)
    for field in ("path", "category", "brand", "stock", "rank"):
        build.add_unsigned_field(field, indexed=True, fast=True)
    build.add_float_field("weight", fast=True)
    build.add_text_field("by_name", tokenizer_name="raw", index_option="basic", fast=True)
    return build.build()


@lru_cache
def words() -> TextAnalyzer:
    """Words as written, but lower case and without accents."""
    return _builder(Tokenizer.simple()).build()


@lru_cache
def stems() -> TextAnalyzer:
    """English words by their stems."""
    return _builder(Tokenizer.simple()).filter(Filter.stemmer("english")).build()


def _builder(tokenizer: Tokenizer) -> TextAnalyzerBuilder:
    builder = TextAnalyzerBuilder(tokenizer).filter(Filter.remove_long(LONGEST_WORD))
    return builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())


def prepared(index: Index) -> Index:
    """The index with our ways of taking text apart."""
    index.register_tokenizer("words", words())
    index.register_tokenizer("stems", stems())
    index.register_tokenizer("spaces", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index
