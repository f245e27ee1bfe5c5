"""What is written down for whoever looks for it before asking."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.cases.selectors.articles import article_for, articles_about, articles_by_topic
from apps.cases.services.articles import judge_article
from apps.core.buttons import decision
from apps.core.lists import searched
from apps.portal.access import in_account


@require_safe
@in_account("case.read")
def articles(request: HttpRequest) -> HttpResponse:
    """All of them by topic, or those that fit what is looked for."""
    text = searched(request)
    context = {
        "section": "cases",
        "text": text,
        "found": articles_about(text, language=get_language(), limit=20) if text else [],
        "topics": {} if text else articles_by_topic(get_language()),
    }
    return render(request, "portal/articles/list.html", context)


@require_safe
@in_account("case.read")
def article(request: HttpRequest, slug: str) -> HttpResponse:
    shown = article_for(slug, get_language())
    return render(request, "portal/articles/page.html", {"section": "cases", "article": shown})


@require_POST
@in_account("case.read")
def judge(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether it has answered the question; who says no is shown to a person."""
    shown, helped = article_for(slug, get_language()), decision(request, "yes", "no") == "yes"
    judge_article(shown, helped=helped)
    if helped:
        messages.success(request, _("Good to hear. Thank you for telling us."))
        return redirect("portal:articles")
    return redirect("portal:ask")
