from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal


class QuestionNotFound(NotFound):
    code = "survey_not_found"
    title = _("This question is closed, or its link is not complete")


class QuestionClosed(Conflict):
    code = "survey_closed"
    title = _("This question is closed")


class AnswerLocked(Conflict):
    code = "survey_answer_locked"
    title = _("An answer can be changed for a day, and that day is over: write to us instead")


class ScoreInvalid(Invalid):
    code = "survey_score_invalid"
    title = _("Choose a number from 0 to 10")


class AdvocacyNotAsked(NotFound):
    code = "advocacy_not_asked"
    title = _("This is not asked with that answer")


class AdvocacyRefused(Invalid):
    code = "advocacy_refused"
    title = _("Something in this needs correcting")


class OfferNotFound(NotFound):
    code = "offer_not_found"
    title = _("There is no such offer among those to your accounts")


class StopLinkNotFound(NotFound):
    code = "offer_stop_link_not_found"
    title = _("This link is not complete: open it from the mail once more")


class OfferDecided(Conflict):
    code = "offer_decided"
    title = _("This offer has been decided about already, or is over")


class OfferRefused(Invalid):
    code = "offer_refused"
    title = _("The offer cannot be made like this")


class ReviewNotFound(NotFound):
    code = "review_not_found"
    title = _("There is no such review")


class ReviewUnverified(NotAllowed):
    code = "review_unverified"
    title = _("Reviews are by buyers who have received the product: yours can be written after the first delivery")


class ReviewRefused(Invalid):
    code = "review_refused"
    title = _("Something in this review needs correcting")


class ReviewDecided(Conflict):
    code = "review_decided"
    title = _("This review has been decided about already")


class TooManyReviews(Refusal):
    code = "too_many_reviews"
    title = _("That is enough for one day: write the next one tomorrow")
    status = 429
