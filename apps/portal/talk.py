"""What buyers say and ask about a product: reviews by who received it, questions and their answers."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.cases.errors import QuestionRefused
from apps.cases.selectors import questions_of
from apps.cases.services import ask_question
from apps.catalogue.selectors import product_for
from apps.feedback.errors import ReviewRefused
from apps.feedback.rules.reviews import LONGEST, LONGEST_TITLE, STARS
from apps.feedback.selectors import delivered_order, own_review, rating_of, reviews_of
from apps.feedback.services import write_review
from apps.portal.access import in_account
from apps.portal.product import section

SHOWN_AT_FIRST = 5
STAR_WORDS = (
    ("5", gettext_lazy("5 – could not be better")),
    ("4", gettext_lazy("4 – good")),
    ("3", gettext_lazy("3 – does the job")),
    ("2", gettext_lazy("2 – not as it should be")),
    ("1", gettext_lazy("1 – would not order it again")),
)
ASKED_OF = (
    ("rep", gettext_lazy("My account manager")),
    ("manager", gettext_lazy("The product manager")),
)


class ReviewForm(forms.Form):
    """How many stars, and why."""

    stars = forms.ChoiceField(label=gettext_lazy("Your judgement"), choices=STAR_WORDS, widget=forms.RadioSelect)
    title = forms.CharField(label=gettext_lazy("In a few words"), max_length=LONGEST_TITLE, required=False)
    body = forms.CharField(
        label=gettext_lazy("What was it used for, and how did it do?"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("At least 20 characters. No prices, no names: other companies read this."),
    )


class QuestionForm(forms.Form):
    """What is to be known, of whom, and who may read it."""

    body = forms.CharField(label=gettext_lazy("Your question"), max_length=2_000, widget=forms.Textarea({"rows": 4}))
    asked_of = forms.ChoiceField(label=gettext_lazy("Ask"), choices=ASKED_OF, widget=forms.RadioSelect, initial="rep")
    is_private = forms.BooleanField(
        label=gettext_lazy("Answer our account alone: do not show it to others"), required=False
    )


@require_safe
@in_account()
def reviews(request: HttpRequest, sku: str) -> HttpResponse:
    """The reviews of a product: as a fragment the latest few, as a page all, or those of one number of stars."""
    shown, actor = product_for(request.actor, sku), request.actor
    wanted = request.GET.get("stars", "")
    stars = int(wanted) if wanted in map(str, STARS) else None
    mine = own_review(actor, shown.pk)
    context = {
        "product": shown,
        "rating": rating_of(shown.pk),
        "reviews": reviews_of(actor, shown.pk, stars=stars, limit=SHOWN_AT_FIRST if request.htmx else 50),
        "stars": stars,
        "mine": mine,
        "may_write": request.visit.may("review.write") and (mine or delivered_order(actor, shown.pk)),
    }
    return section(request, shown, "_reviews.html", _("Reviews"), context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_account("review.write")
def review(request: HttpRequest, sku: str) -> HttpResponse:
    """Write one's review, or write it anew."""
    shown = product_for(request.actor, sku)
    mine = own_review(request.actor, shown.pk)
    start = {"stars": mine.latest.stars, "title": mine.latest.title, "body": mine.latest.body} if mine else {}
    form = ReviewForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _kept(request, shown, form):
        messages.success(request, _("Thank you. Somebody reads it, and then it stands here for all buyers."))
        return redirect(f"{reverse('portal:product', args=[shown.sku])}#reviews")
    context = {
        "form": form,
        "mine": mine,
        "order": mine.review.order_ref if mine else delivered_order(request.actor, shown.pk),
    }
    return section(request, shown, "_review_form.html", _("Your review"), context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, shown, form: ReviewForm) -> bool:
    said = form.cleaned_data | {"stars": int(form.cleaned_data["stars"])}
    try:
        write_review(request.actor, shown, **said, now=request.visit.now)
    except ReviewRefused as refusal:
        for field, words in refusal.fields.items():
            form.add_error(field, words)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@in_account()
def questions(request: HttpRequest, sku: str) -> HttpResponse:
    """Questions and answers about a product; a POST asks one."""
    shown = product_for(request.actor, sku)
    form = QuestionForm(request.POST or None, initial={"asked_of": "rep"})
    if request.method == "POST" and form.is_valid() and _is_asked(request, shown, form):
        messages.success(request, _("Your question is with us. The answer comes by e-mail and stands here."))
        return redirect(f"{reverse('portal:product', args=[shown.sku])}#questions")
    context = {
        "product": shown,
        "questions": questions_of(request.actor, shown.pk, limit=SHOWN_AT_FIRST if request.htmx else 50),
        "question_form": form,
        "may_ask": request.visit.may("case.open"),
    }
    status = 422 if form.errors else 200
    return section(request, shown, "_questions.html", _("Questions and answers"), context, status=status)


def _is_asked(request: HttpRequest, shown, form: QuestionForm) -> bool:
    try:
        ask_question(request.actor, shown, **form.cleaned_data, now=request.visit.now)
    except QuestionRefused as refusal:
        form.add_error("body", refusal.detail)
        return False
    return True
