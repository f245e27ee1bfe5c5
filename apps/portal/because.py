"""Why a product is suggested, in words: the facts are the recommendations', the sentences the portal's."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.formatting import Words
from apps.recommendations.selectors import Reason, Suggested


def because_words(each: Suggested, on: date) -> str:
    """ "You order it every 4 weeks, last on 2 May; due for 3 days"."""
    facts, write = each.because, Words()
    if each.kind == Reason.ALIKE:
        return _("Ordered by businesses that order what you order")
    if each.kind == Reason.SEGMENT:
        many = facts["accounts"]
        words = ngettext(
            "You have not ordered yet: %(n)s business like yours orders it",
            "You have not ordered yet: %(n)s businesses like yours order it",
            many,
        )
        return words % {"n": write.number(many)}
    values = {"often": often_words(facts["gap"]), "day": write.short_date(date.fromisoformat(facts["last"]))}
    if each.kind == Reason.RHYTHM:
        return _("You order it %(often)s, last on %(day)s; %(when)s") % {**values, "when": due_words(each.due_on, on)}
    if each.kind == Reason.SUCCESSOR:
        return _("It replaces %(sku)s, which you last ordered on %(day)s") % {**values, "sku": facts["replaces"]}
    words = ngettext("You ordered it once, on %(day)s", "You ordered it %(n)s times, last on %(day)s", facts["times"])
    return words % {**values, "n": write.number(facts["times"])}


def sure_words(each: Suggested) -> str:
    """How often such suggestions came true; "" where that was not measured."""
    if each.confidence is None:
        return ""
    of_ten = round(each.confidence / 10)
    if of_ten < 1:
        return _("Fewer than 1 of 10 such suggestions were in the next order")
    words = ngettext(
        "%(n)s of 10 such suggestions was in the next order",
        "%(n)s of 10 such suggestions were in the next order",
        of_ten,
    )
    return words % {"n": Words().number(of_ten)}


def often_words(days: int) -> str:
    """ "every 4 weeks", "every 5 days"."""
    if days >= 14:
        weeks = round(days / 7)
        return ngettext("every week", "every %(n)d weeks", weeks) % {"n": weeks}
    return ngettext("every day", "every %(n)d days", days) % {"n": days}


def due_words(due_on: date, on: date) -> str:
    """ "due today", "due in 3 days", "due for 3 days"."""
    days_over = (on - due_on).days
    if days_over == 0:
        return _("due today")
    if days_over < 0:
        return ngettext("due tomorrow", "due in %(n)d days", -days_over) % {"n": -days_over}
    return ngettext("due since yesterday", "due for %(n)d days", days_over) % {"n": days_over}
