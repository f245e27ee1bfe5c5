import re
from collections.abc import Collection

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, Func, QuerySet, TextField, Value

from apps.cases.errors import ArticleNotFound
from apps.cases.models import Article

_WORD = re.compile(r"\w{3,}")
_MOST_WORDS = 20


def articles_in(language: str) -> QuerySet[Article]:
    """What is shown in a language; in English where the house has written nothing in it. One query more for that."""
    for spoken in (language, language.split("-")[0], "en"):
        found = Article.objects.filter(is_shown=True, language=spoken)
        if spoken == "en" or found.exists():
            return found
    return Article.objects.none()  # unreachable: English comes last


def article_for(slug: str, language: str) -> Article:
    """The article of that address in the reader's language, else in English; `ArticleNotFound`."""
    spoken = {language: 0, language.split("-")[0]: 1, "en": 2}
    found = Article.objects.filter(is_shown=True, slug=slug, language__in=spoken)
    best = min(found, key=lambda article: spoken[article.language], default=None)
    if best is None:
        raise ArticleNotFound
    return best


def articles_by_topic(language: str) -> dict[str, list[Article]]:
    """Words of each topic -> its articles, in their order."""
    topics: dict[str, list[Article]] = {}
    for article in articles_in(language):
        topics.setdefault(article.get_topic_display(), []).append(article)
    return topics


def articles_about(text: str, *, topic: str = "", language: str, limit: int = 3) -> list[Article]:
    """The articles that fit what somebody wrote, the best first; those of the topic where nothing was written, or
    nothing fits. Two queries at most, besides that of the language."""
    shown = articles_in(language)
    if words := _words_of(text):
        query = SearchQuery(" | ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
        named = Func(F("words"), Value(" "), function="array_to_string", output_field=TextField())
        vector = SearchVector("title", weight="A", config="simple") + SearchVector(named, weight="A", config="simple")
        vector += SearchVector("body", weight="D", config="simple")
        found = shown.annotate(found=vector).filter(found=query)
        found = list(found.annotate(rank=SearchRank(F("found"), query)).order_by("-rank", "position")[:limit])
        if found:
            return found
    return list(shown.filter(topic=topic).order_by("position", "title")[:limit]) if topic else []


def _words_of(text: str) -> Collection[str]:
    return list(dict.fromkeys(word.lower() for word in _WORD.findall(text)))[:_MOST_WORDS]
