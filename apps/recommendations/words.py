"""Shortages in words: buyer and rep read the same."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.formatting import Words
from apps.recommendations.selectors.short import ShortAhead


def short_words(each: ShortAhead, on: date) -> str:
    """Why an account should not wait: "You need 40 on 12 Dec; 12 are on hand, the next delivery comes on 20 Dec"."""
    write = Words()
    said = {"n": write.number(each.quantity), "day": write.short_date(each.needed_on)}
    said["there"] = write.number(each.on_hand)
    need = _("You need %(n)s now") if each.needed_on <= on else _("You need %(n)s on %(day)s")
    return f"{need % said}; {_supply_words(each, write) % said}"


def _supply_words(each: ShortAhead, write: Words) -> str:
    if each.is_claimed:
        return _("%(there)s are on hand, but others are expected to need them before")
    comes = write.short_date(each.comes_on) if each.comes_on else ""
    if each.on_hand:
        there = ngettext("%(there)s is on hand", "%(there)s are on hand", each.on_hand)
    else:
        there = _("none is on hand")
    return f"{there}, {_('the next delivery comes on %(day)s') % {'day': comes}}" if comes else there


def ready_words(each: ShortAhead) -> str:
    """What ordering now comes to."""
    day = Words().short_date(each.ready_on)
    words = (
        _("Ordered now it is ready on %(day)s, in time") if each.is_in_time else _("Ordered now it is ready on %(day)s")
    )
    return words % {"day": day}
