"""Returns in words: why something cannot come back, on which terms it can, and what the customer is told."""

from collections.abc import Iterable

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.cases.models import NotReturnable, Return, ReturnLine, ReturnReceiptLine
from apps.cases.rules.returns import ALL_BACK, BARRED, NOT_DELIVERED, SERVICE, Option, ReasonTerms, Verdict, possible
from apps.core.formatting import listed, long_date, number_writer

REASONS = tuple(ReturnLine.Reason.choices)
WISHES = tuple(Return.Wish.choices)
CONDITIONS = tuple(ReturnReceiptLine.Condition.choices)
DECISIONS = tuple(ReturnReceiptLine.Decision.choices)
#: (condition, its name, [(decision, its name)] that are possible): the first is what is usual.
DEALT_WITH = tuple(
    (condition, name, tuple((what, words) for what, words in DECISIONS if possible(condition, what)))
    for condition, name in CONDITIONS
)
STATUSES = tuple(Return.Status.choices)

NONE_OF_IT = {
    SERVICE: gettext_lazy("A service cannot be sent back."),
    NOT_DELIVERED: gettext_lazy("It has not been delivered yet."),
    ALL_BACK: gettext_lazy("All of it is back already, or under a return."),
}
BARRED_WORDS = {
    NotReturnable.Why.CUT: gettext_lazy("It was cut to length for you: it comes back only if something is wrong."),
    NotReturnable.Why.MADE: gettext_lazy("It was made to order: it comes back only if something is wrong."),
    NotReturnable.Why.DANGEROUS: gettext_lazy("These are dangerous goods: they come back only if something is wrong."),
    NotReturnable.Why.HYGIENE: gettext_lazy("For reasons of hygiene it comes back only if something is wrong."),
    NotReturnable.Why.OTHER: gettext_lazy("It comes back only if something is wrong."),
}


def reason_words(reason: str) -> str:
    return str(ReturnLine.Reason(reason).label)


def percent_words(terms: ReasonTerms) -> str:
    return number_writer(get_language(), 0, 3, percent=True).write(terms.fee_percent)


def terms_words(option: Option) -> str:
    """Until when, at what fee, at whose expense: a sentence for each case."""
    values = {"day": long_date(option.until, get_language()), "percent": percent_words(option.terms)}
    if option.terms.fee_percent:
        if option.terms.we_pay_freight:
            words = _("Until %(day)s. We keep %(percent)s of the net and pay the freight.")
        else:
            words = _("Until %(day)s. We keep %(percent)s of the net, and you pay the freight.")
    elif option.terms.we_pay_freight:
        words = _("Until %(day)s. Free of charge: we pay the freight.")
    else:
        words = _("Until %(day)s. We keep nothing; you pay the freight.")
    return words % values


def grouped(verdict: Verdict) -> list[tuple[str, str]]:
    """(reasons, terms in words) of a line, reasons of the same terms together; those that are over stand last."""
    groups: dict[tuple, list[Option]] = {}
    for option in verdict.options:
        if option.refused != BARRED:
            groups.setdefault((bool(option.refused), option.until, option.terms), []).append(option)
    rows = []
    for (is_over, until, _terms), options in sorted(groups.items(), key=lambda group: group[0][0]):
        names = listed([reason_words(option.reason) for option in options], get_language())
        over = _("This was possible until %(day)s.") % {"day": long_date(until, get_language())}
        rows.append((names[:1].upper() + names[1:], over if is_over else terms_words(options[0])))
    return rows


def why_not(verdict: Verdict) -> str:
    """Why nothing of a line can come back, or why only for a fault; "" where neither."""
    if verdict.why:
        return str(NONE_OF_IT[verdict.why])
    return str(BARRED_WORDS[verdict.barred]) if verdict.barred else ""


def refusal_words(sku: str, verdict: Verdict, option: Option | None) -> str:
    """Why a line is refused for a reason, and what to do."""
    ask = _("Ask your account manager about it: there may be another way.")
    if verdict.why or option is None:
        return f"{sku}: {NONE_OF_IT.get(verdict.why, '')} {ask}"
    if option.refused == BARRED:
        return f"{sku}: {BARRED_WORDS[verdict.barred]} {ask}"
    words = _("%(sku)s could be returned for this reason until %(day)s.")
    return f"{words % {'sku': sku, 'day': long_date(option.until, get_language())}} {ask}"


def news(event_name: str, shown: Return) -> tuple[str, list[str]]:
    """What the customer is told of a return: the subject, and the sentences below it."""
    values = {"number": shown.number, "order": shown.order.number}
    day = long_date(shown.send_by, get_language()) if shown.send_by else ""
    if event_name == "return.approved":
        ours = _("We pay the freight: use the label as it is.")
        theirs = _("You pay the freight; put the label on the parcel all the same.")
        return _("Your return %(number)s is agreed") % values, [
            _("You can send back what you named of order %(order)s.") % values,
            _("Send it by %(day)s with the label that you find on the page of the return.") % {"day": day},
            ours if shown.we_pay_freight else theirs,
        ]
    if event_name == "return.refused":
        return _("Your return %(number)s cannot be agreed to") % values, [
            _("We cannot take back what you named of order %(order)s.") % values
        ]
    if event_name == "return.expired":
        return _("Your return %(number)s has ended") % values, [
            _("Nothing was sent by %(day)s, so the return ended by itself.") % {"day": day},
            _("If you still want to send it back, ask again from the page of the order."),
        ]
    if event_name == "return.received":
        return _("Your return %(number)s has arrived") % values, [_("We have received and looked at your goods.")]
    return _("Your return %(number)s is credited") % values, [
        _("The credit note is with your invoices; it is set off against what is open.")
    ]


def said_of_lines(lines: Iterable[ReturnLine]) -> list[str]:
    """5 x GLV-NIT-L Nitrile gloves: left over."""
    return [
        f"{line.quantity} x {line.order_line.sku} {line.order_line.name}: {reason_words(line.reason)}" for line in lines
    ]
