"""Why a product is suggested, in words: the same on a page and in a letter."""

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.formatting import Words, number_writer
from apps.core.text import isolated
from apps.recommendations.rules import how_sure
from apps.recommendations.selectors import Reason, Suggested, Suggestion


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
    """How sure it is, in three grades: see `rules.how_sure`; "" where that was not measured."""
    return "" if each.confidence is None else str(_SURE[how_sure(each.confidence)])


def share_words(each: Suggested) -> str:
    """The measured share that the grade stands for; "" where there is none."""
    if each.confidence is None:
        return ""
    share = number_writer(Words().language, 0, 0, percent=True).write(each.confidence)
    return _("%(share)s of such suggestions were in the next order, when that was measured last.") % {"share": share}


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


def suggestion_words(each: Suggestion, names: Mapping[int, str]) -> str:
    """Why a product is suggested; `names` are those of the products it is about, by id. Without its name it is the one
    whose page this is."""
    about = each.because.get("with", each.because.get("instead"))
    name = isolated(names[about]) if about in names else ""
    return _OF_KIND[each.kind](each.because, name, Words())


def _goes_with(facts: Mapping, name: str, write: Words) -> str:
    many = facts["together"]
    if not name:
        words = ngettext("In %(n)s recent order with it", "In %(n)s recent orders with it", many)
    else:
        words = ngettext("In %(n)s recent order with %(name)s", "In %(n)s recent orders with %(name)s", many)
    return words % {"n": write.number(many), "name": name}


def _usually_added(facts: Mapping, name: str, write: Words) -> str:
    said = {"n": write.number(facts["together"]), "of": write.number(facts["of"]), "name": name}
    if not name:
        return _("In %(n)s of your latest %(of)s orders with it") % said
    return _("In %(n)s of your latest %(of)s orders with %(name)s") % said


def _missing_range(facts: Mapping, _name: str, write: Words) -> str:
    said = {"n": write.number(facts["accounts"]), "of": write.number(facts["of"])}
    if facts["beside"]:
        words = _("%(n)s of %(of)s businesses like yours order it; you order %(beside)s from us, but not this")
        return words % {**said, "beside": isolated(facts["beside"])}
    words = _("%(n)s of %(of)s businesses like yours order it; you order nothing of %(category)s from us")
    return words % {**said, "category": isolated(facts["category"])}


def _substitute(facts: Mapping, name: str, write: Words) -> str:
    day = write.short_date(date.fromisoformat(facts["arrives_on"]))
    later = write.short_date(date.fromisoformat(facts["comes_on"])) if facts["comes_on"] else ""
    said = {"day": day, "later": later, "name": name}
    if name and later:
        words = _("There on %(day)s, %(name)s on %(later)s") % said
    elif name:
        words = _("There on %(day)s; for %(name)s there is no day yet") % said
    else:
        words = (_("There on %(day)s instead of %(later)s") if later else _("There on %(day)s")) % said
    return f"{words} · {isolated(facts['note'])}" if facts["note"] else words


def _saving(facts: Mapping, name: str, write: Words) -> str:
    said = {"percent": number_writer(write.language, 0, 0, percent=True).write(facts["percent"]), "name": name}
    if facts["is_own"]:
        words = _("Our own brand: %(percent)s less than %(name)s") if name else _("Our own brand: %(percent)s less")
    elif facts["is_bigger"]:
        words = _("A larger pack: %(percent)s less than %(name)s for the same amount") if name else _(
            "A larger pack: %(percent)s less for the same amount"
        )  # fmt: skip
    else:
        words = _("Does the same as %(name)s for %(percent)s less") if name else _("Does the same for %(percent)s less")
    return words % said


def _service(facts: Mapping, name: str, write: Words) -> str:
    if "together" in facts:
        return _goes_with(facts, name, write)
    if "category" in facts:
        words = _("Done for you: for what you order of %(category)s") % {"category": isolated(facts["category"])}
        return f"{words} · {isolated(facts['note'])}" if facts["note"] else words
    if not name:
        return _("Done for you, with the goods")
    if facts["fits"] == 1:
        return _("Done for you: for %(name)s") % {"name": name}
    others = write.number(facts["fits"] - 1)
    return _("Done for you: for %(name)s and %(others)s more") % {"name": name, "others": others}


_SURE = {
    "often": gettext_lazy("Often right"),
    "sometimes": gettext_lazy("Sometimes right"),
    "look": gettext_lazy("Worth a look"),
}
_OF_KIND: dict[str, Callable[[Mapping, str, Words], str]] = {
    "goes_with": _goes_with,
    "usually_added": _usually_added,
    "missing_range": _missing_range,
    "substitute": _substitute,
    "saving": _saving,
    "service": _service,
    "next_order": lambda facts, _name, _write: facts["words"],
}
