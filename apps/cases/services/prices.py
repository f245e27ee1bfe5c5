"""A wrong price is noticed, said and owned before the customer has to ask.

1. Lines of orders are compared with what holds for their account on the day they were ordered (`rules.prices`): every
   night those of accounts with a contract, and when a price import is undone those that its prices reached. What was
   quoted, called off or invoiced elsewhere has a price of its own, and is left alone.
2. A line is found once. An account is told of all its lines in one case; what is found while that is open joins it.
3. Of very many, those with the most money are told first, so many at a time, and management is told that there are
   more: a mistake of our own then does not write to everybody at once.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.rules import ids_on_path
from apps.cases import rules
from apps.cases.models import Case, CaseMessage, WrongPrice
from apps.cases.services.opening import open_case
from apps.cases.services.working import note_once
from apps.core.events import record
from apps.core.formatting import money, unit_price
from apps.core.models import Event
from apps.ordering.models import Order, OrderLine
from apps.pricing.models import Contract
from apps.pricing.rules import CONTRACT, Ask
from apps.pricing.selectors import prices_for_account

LOOK_BACK = timedelta(days=7)
CASES_A_RUN = 200
LINES_TOLD = 20
_OUR_NAME = "Tradewell"
_Source = OrderLine.PriceSource
_LISTED = (_Source.LIST, _Source.ACCOUNT, _Source.TREE, _Source.GROUP)
_COMPARED = (*_LISTED, _Source.PROMOTION, _Source.COUPON, _Source.CONTRACT)
_FIELDS = (
    *("pk", "product_id", "quantity", "cancelled_quantity", "unit_price", "order__account_id", "order__placed_at"),
    *("order__currency", "order__account__path"),
)


def find_price_errors(*, now: datetime) -> int:
    """Find lines of the last days that cost more than a contract that held the day before says; how many cases were
    opened.

    Safe to repeat. Records `case.opened`, after which the apology is mailed.
    """
    with_contract = frozenset(Contract.objects.values_list("account_id", flat=True))
    lines = _lines(now - LOOK_BACK, now, _COMPARED)
    found = (
        wrong
        for account_id, path, day, of_day in _by_account_and_day(lines)
        if with_contract.intersection(ids_on_path(path))
        for wrong in _wrong(account_id, day, of_day, WrongPrice.Because.AGREED, now)
    )
    _keep(found)
    return open_cases_for_wrong_prices(now=now)


def products_ordered_at_list_prices(*, since: datetime, until: datetime) -> frozenset[int]:
    """Ids of the products that were ordered at the price of a list within that time. One query."""
    return frozenset(_lines(since, until, _LISTED).order_by().values_list("product_id", flat=True).distinct())


def own_undone_prices(products: Collection[int], *, since: datetime, until: datetime, now: datetime) -> int:
    """Find what was ordered of these products, while wrong list prices were live, dearer than it is with the prices
    that hold again; how many cases were opened. Safe to repeat."""
    lines = _lines(since, until, _LISTED).filter(product__in=products)
    _keep(
        wrong
        for account_id, _path, day, of_day in _by_account_and_day(lines)
        for wrong in _wrong(account_id, day, of_day, WrongPrice.Because.UNDONE, now)
    )
    return open_cases_for_wrong_prices(now=now)


def open_cases_for_wrong_prices(*, now: datetime, limit: int = CASES_A_RUN) -> int:
    """A case with an apology for each account of whose wrong prices nobody has told it; how many were opened.

    Records `wrong_prices.left`, once a day, where more accounts wait than `limit`.
    """
    waiting = WrongPrice.objects.filter(case=None)
    worst = waiting.order_by().values("account").annotate(much=Sum("too_much")).order_by("-much", "account")
    opened = sum(_own(account_id, now) for account_id in list(worst.values_list("account", flat=True)[:limit]))
    _tell_of_the_rest(now)
    return opened


def _lines(since: datetime, until: datetime, sources: Collection[str]):
    lines = OrderLine.objects.filter(
        order__placed_at__gte=since, order__placed_at__lte=until, price_source__in=sources, quantity__gt=0,
        order__account__is_test=False, wrong_price=None,
    )  # fmt: skip
    gone = (Order.Status.CANCELLED, Order.Status.DECLINED)
    return lines.exclude(order__status__in=gone).exclude(order__channel=Order.Channel.IMPORTED)


def _by_account_and_day(lines) -> Iterator[tuple[int, str, date, list[dict]]]:
    """(account, its path, day) -> the lines ordered on it."""
    rows = lines.order_by("order__account_id", "order__placed_at", "pk").values(*_FIELDS).iterator(chunk_size=2000)

    def key(row: dict) -> tuple[int, str, date]:
        return row["order__account_id"], row["order__account__path"], timezone.localdate(row["order__placed_at"])

    for (account_id, path, day), of_day in groupby(rows, key):
        yield account_id, path, day, list(of_day)


def _wrong(account_id: int, day: date, lines: list[dict], because: str, now: datetime) -> Iterator[WrongPrice]:
    asks = {row["pk"]: Ask(row["product_id"], row["quantity"] + row["cancelled_quantity"]) for row in lines}
    holds = prices_for_account(account_id, asks.values(), day)
    agreed = because == WrongPrice.Because.AGREED
    # What was agreed on the very day of an order may have been agreed after it.
    before = prices_for_account(account_id, asks.values(), day - timedelta(days=1)) if agreed else {}
    for row in lines:
        ask, currency = asks[row["pk"]], row["order__currency"]
        decision = holds[ask]
        if decision.currency != currency or (agreed and not decision.source == before[ask].source == CONTRACT):
            continue
        much = rules.overcharged(row["quantity"], row["unit_price"], decision.unit_price, currency)
        if much:
            yield WrongPrice(
                line_id=row["pk"], account_id=account_id, because=because, right_price=decision.unit_price,
                too_much=much, found_at=now,
            )  # fmt: skip


def _keep(found: Iterator[WrongPrice]) -> None:
    WrongPrice.objects.bulk_create(list(found), batch_size=1000, ignore_conflicts=True)


@transaction.atomic
def _own(account_id: int, now: datetime) -> bool:
    waiting = WrongPrice.objects.select_for_update(of=("self",)).filter(account=account_id, case=None)
    wrong = list(waiting.select_related("line__order__contact", "line__order__account").order_by("line_id"))
    if not wrong:  # another worker was faster
        return False
    ours = Case.objects.unresolved().filter(account=account_id, origin=Case.Origin.HOUSE, cause=Case.Cause.PRICE)
    case = ours.order_by("pk").first()
    opened = case is None
    if opened:
        case = _open_with_apology(wrong, now)
    else:
        note_once(case, "\n".join([_("More lines were charged too much:"), *_lines_told(wrong)]), now=now)
    WrongPrice.objects.filter(pk__in=[each.pk for each in wrong]).update(case=case)
    return opened


def _open_with_apology(wrong: list[WrongPrice], now: datetime) -> Case:
    order = wrong[-1].line.order
    numbers = sorted({each.line.order.number for each in wrong})
    with translation.override(order.contact.language if order.contact else order.account.language):
        title = ngettext(
            "A wrong price on order %(number)s", "Wrong prices on %(count)s orders, %(number)s among them", len(numbers)
        ) % {"number": numbers[0], "count": len(numbers)}
        case = open_case(
            account_id=order.account_id,
            title=title,
            cause=Case.Cause.PRICE,
            origin=Case.Origin.HOUSE,
            source_ref=f"wrong_price:{wrong[0].line_id}",
            contact_id=order.contact_id,
            order_id=order.pk if len(numbers) == 1 else None,
            now=now,
        )
        CaseMessage.objects.create(
            case=case, author_name=_OUR_NAME, from_staff=True, body=_apology(wrong, case), written_at=now
        )
    return case


def _apology(wrong: list[WrongPrice], case: Case) -> str:
    order = wrong[-1].line.order
    if all(each.because == WrongPrice.Because.UNDONE for each in wrong):
        why = _("We are sorry: a price list of ours was wrong for a time, and you ordered by it.")
    else:
        why = _("We are sorry: we charged you more than the prices agreed with you.")
    zone = rules.zone_of(order.contact.time_zone if order.contact else order.account.time_zone)
    ends = _(
        "You need not do anything. The difference of %(amount)s net is yours: %(case)s is open, somebody of our team "
        "owns it and tells you by %(by)s how you get it back."
    ) % {
        "amount": money(sum(each.too_much for each in wrong), order.currency),
        "case": case.number,
        "by": date_format(case.answer_by.astimezone(zone).date(), "j F"),
    }
    return "\n".join([why, "", *_lines_told(wrong), "", ends])


def _lines_told(wrong: list[WrongPrice]) -> list[str]:
    told = [_line_told(each) for each in wrong[:LINES_TOLD]]
    more = len(wrong) - len(told)
    if more:
        told.append(ngettext("and %(count)s more line", "and %(count)s more lines", more) % {"count": more})
    return told


def _line_told(each: WrongPrice) -> str:
    line, currency = each.line, each.line.order.currency
    return _("%(order)s: %(quantity)s x %(sku)s at %(charged)s instead of %(right)s, %(amount)s too much") % {
        "order": line.order.number,
        "quantity": line.quantity,
        "sku": line.sku,
        "charged": unit_price(line.unit_price, currency),
        "right": unit_price(each.right_price, currency),
        "amount": money(each.too_much, currency),
    }


@transaction.atomic
def _tell_of_the_rest(now: datetime) -> None:
    left = WrongPrice.objects.filter(case=None).aggregate(accounts=Count("account", distinct=True), lines=Count("pk"))
    subject = f"wrong_prices:{timezone.localdate(now)}"
    if left["accounts"] and not Event.objects.filter(name="wrong_prices.left", subject=subject).exists():
        record("wrong_prices.left", subject, at=now, accounts=left["accounts"], lines=left["lines"])
