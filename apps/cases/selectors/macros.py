from django.utils.formats import date_format

from apps.cases import rules
from apps.cases.models import Case, Macro
from apps.core.scoping import Actor


def macros_for(case: Case) -> list[Macro]:
    """The words that may begin an answer in a case like that, by name. One query."""
    return list(Macro.objects.filter(is_active=True, cause__in=("", case.cause)).order_by("name"))


def filled_for(actor: Actor, case: Case, macro: Macro) -> str:
    """The words of a macro with the names of this case in them; the day is where the customer is. No query where the
    case has come from `case_for`."""
    zone = rules.zone_of(case.contact.time_zone if case.contact else case.account.time_zone)
    values = {
        "contact": case.contact.name if case.contact else "",
        "account": case.account.name,
        "case": case.number,
        "order": case.order.number if case.order else "",
        "delivery": case.shipment.number if case.shipment else "",
        "answer_by": date_format(case.answer_by.astimezone(zone).date(), "j F"),
        "me": actor.name,
    }
    return rules.filled(macro.body, values)
