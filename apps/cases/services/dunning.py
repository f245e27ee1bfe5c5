"""What a case has to do with reminders: what is in dispute is not reminded of, and who does not answer is called."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from apps.cases.models import Case, FollowUp
from apps.cases.services.follow_ups import propose_follow_up
from apps.core.formatting import money
from apps.invoicing.models import Dunning


def disputed(account_id: int) -> tuple[frozenset[int], frozenset[int]] | None:
    """The ids of orders and of shipments of an account about which a case is open; None where one is open about its
    invoices without saying which. One query."""
    open_cases = Case.objects.unresolved().filter(account=account_id)
    about = list(open_cases.values_list("cause", "order_id", "shipment_id"))
    if (Case.Cause.INVOICE, None, None) in about:
        return None
    orders = frozenset(order_id for _cause, order_id, _shipment_id in about if order_id)
    return orders, frozenset(shipment_id for _cause, _order_id, shipment_id in about if shipment_id)


def propose_call(dunning: Dunning, *, now: datetime) -> FollowUp:
    """The rep of the account calls about what is long overdue; once for each letter."""
    account = dunning.account
    language = account.rep.user.language if account.rep else "en"
    with translation.override(language):
        words = _("Call about what is overdue: %(amount)s")
        title = words % {"amount": money(dunning.amount, dunning.currency)}
        detail = _("The last reminder went out; ask what is in the way before it goes further.")
    return propose_follow_up(
        account_id=account.pk,
        kind=FollowUp.Kind.CALL,
        title=title,
        source_ref=f"dunning:{dunning.pk}",
        due_on=dunning.sent_on,
        owner_id=account.rep_id,
        detail=detail,
        now=now,
    )
