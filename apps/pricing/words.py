"""A price decision in words."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.core.formatting import number_writer, unit_price
from apps.pricing.rules import EQUAL, HIGHER, NOT_REACHED, OUTVOTED, OVERRIDDEN, Decision, PassedOver

#: Why a coupon is not used, by the code of the reason.
COUPON_REFUSED = {
    "unknown": gettext_lazy("There is no such code for you. Look whether it is typed as it was sent."),
    "not_yet": gettext_lazy("The code is not valid yet."),
    "over": gettext_lazy("The code is no longer valid."),
    "used_up": gettext_lazy("The code has been used as often as it may be."),
    "used_by_account": gettext_lazy("Your company has used the code as often as it may."),
    "currency": gettext_lazy("The code is for orders in another currency."),
    "below_minimum": gettext_lazy("The goods do not come to the minimum of the code yet."),
    "nothing_fits": gettext_lazy("Nothing in the cart is what the code is for, or your contract price is exclusive."),
}


def explain(decision: Decision) -> list[str]:
    """Sentences in the reader's language: which price holds, what was passed over and why, what more would save."""
    ahead = decision.next_break
    told = (p for p in decision.passed_over if p.why != NOT_REACHED or (p.min_quantity, p.unit_price) != ahead)
    sentences = [_holds(decision), *(_passed(passed, decision.currency) for passed in told)]
    return [*sentences, _next(decision)] if ahead else sentences


def margin_words(margin) -> str:
    """The room a price leaves, for the house's own people."""
    facts = {
        "room": unit_price(margin.room, margin.currency),
        "percent": number_writer(get_language(), 0, 1, percent=True).write(margin.percent),
        "cost": unit_price(margin.unit_cost, margin.currency),
    }
    return _("For us: %(room)s of room each (%(percent)s) above a cost of %(cost)s.") % facts


def _holds(decision: Decision) -> str:
    if decision.unit_price is None:
        return _("No price is agreed for %(quantity)d: ask us for one.") % {"quantity": decision.quantity}
    facts = {"price": unit_price(decision.unit_price, decision.currency), "name": decision.source_name}
    return {
        "contract": _("Your contract “%(name)s” sets %(price)s."),
        "account": _("The price list of your terms, “%(name)s”, sets %(price)s."),
        "tree": _("The price list of your group of companies, “%(name)s”, sets %(price)s."),
        "group": _("The price list of your group, “%(name)s”, sets %(price)s."),
        "promotion": _("The promotion “%(name)s” makes it %(price)s."),
        "coupon": _("With your code “%(name)s” it is %(price)s."),
        "list": _("The price list “%(name)s” sets %(price)s."),
    }[decision.source] % facts


def _passed(passed: PassedOver, currency: str) -> str:
    facts = {
        "name": passed.source_name,
        "price": unit_price(passed.unit_price, currency),
        "quantity": passed.min_quantity,
    }
    return {
        HIGHER: _("“%(name)s” would be %(price)s, which is more."),
        EQUAL: _("“%(name)s” would be the same, %(price)s."),
        OUTVOTED: _("“%(name)s” says %(price)s, but your contract is exclusive."),
        OVERRIDDEN: _("“%(name)s” says %(price)s, but a contract of your own stands in its place."),
        NOT_REACHED: _("“%(name)s” has %(price)s from %(quantity)d on."),
    }[passed.why] % facts


def _next(decision: Decision) -> str:
    price = unit_price(decision.next_break.unit_price, decision.currency)
    missing = decision.next_break.min_quantity - decision.quantity
    return _("With %(missing)d more you pay %(price)s each.") % {"missing": missing, "price": price}
