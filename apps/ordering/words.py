"""What ways to pay are called."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.ordering.rules.payment import AHEAD, INSTALMENTS, Way


def way_words(way: Way) -> str:
    """How something is paid, in one phrase."""
    if way.kind == AHEAD:
        return _("Ahead of delivery")
    if way.kind == INSTALMENTS:
        words = ngettext(
            "In %(parts)s instalment, %(every)s days apart", "In %(parts)s instalments, %(every)s days apart", way.parts
        )
        return words % {"parts": way.parts, "every": way.every_days}
    if not way.days:
        return _("On invoice, due at once")
    return ngettext("On invoice, %(days)s day net", "On invoice, %(days)s days net", way.days) % {"days": way.days}
