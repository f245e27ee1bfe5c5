from django.db.models import F

from apps.cases.models import Article


def judge_article(article: Article, *, helped: bool) -> None:
    """Count that an article has answered somebody's question, or has not."""
    field = "helped" if helped else "did_not_help"
    Article.objects.filter(pk=article.pk).update(**{field: F(field) + 1})
