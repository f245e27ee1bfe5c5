from celery import shared_task
from django.utils import timezone

from apps.accounts.services import tell
from apps.cases import services
from apps.cases.errors import NothingToCredit
from apps.cases.models import Return
from apps.cases.selectors import (
    answer_notice,
    answered_notices,
    asked_notices,
    assigned_notices,
    escalation_notices,
    opening_notices,
    refused_files_notice,
    reply_notices,
    trouble_notices,
    wrong_price_notices,
)
from apps.cases.selectors.call_backs import call_back_notices
from apps.cases.selectors.conversations import hand_over_notices, unread_notices
from apps.cases.selectors.return_notices import asked_return_notices, return_news_notices
from apps.cases.services import monitoring
from apps.cases.services.call_backs import notice_missed
from apps.cases.services.conversations import tell_what_waits
from apps.cases.services.dunning import disputed, propose_call
from apps.cases.services.returns import credit_return, expire_returns
from apps.core.events import event_of
from apps.core.reactions import reaction
from apps.core.scoping import SYSTEM
from apps.fulfilment.models import Shipment
from apps.invoicing.selectors import dunning_of
from apps.invoicing.services import remind_overdue


def _shipment_of(event_id: int) -> int:
    number = event_of(event_id).subject.partition(":")[2]
    return Shipment.objects.values_list("pk", flat=True).get(number=number)


@reaction
def open_case_for_failed_delivery(event_id: int) -> None:
    """shipment.delivered: late, short or damaged is put right before anybody complains."""
    services.open_case_for_delivery(_shipment_of(event_id), now=timezone.now())


@reaction
def follow_corrected_delivery(event_id: int) -> None:
    """shipment.corrected: its cases are noted, and what failed after all is owned."""
    event = event_of(event_id)
    services.follow_corrected_delivery(_shipment_of(event_id), reason=event.facts["reason"], now=timezone.now())


@reaction
def note_voided_delivery(event_id: int) -> None:
    """shipment.voided: who works on it is told."""
    event = event_of(event_id)
    services.note_voided_delivery(_shipment_of(event_id), reason=event.facts["reason"], now=timezone.now())


@reaction
def open_case_for_overdue_shipment(event_id: int) -> None:
    """shipment.overdue: say so first, and own it."""
    services.open_case_for_overdue(_shipment_of(event_id), now=timezone.now())


@reaction
def open_case_for_fault(event_id: int) -> None:
    """delivery.faulted: what a receiver found wrong is owned at once."""
    services.open_case_for_fault(event_of(event_id).facts["report"], now=timezone.now())


@reaction
def send_case_opened(event_id: int) -> None:
    """case.opened: tell the customer, and who owns it."""
    tell(opening_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_case_answer(event_id: int) -> None:
    """case.answered: mail the answer."""
    tell(answer_notice(event_of(event_id)), now=timezone.now())


@reaction
def send_files_refused(event_id: int) -> None:
    """case.files_refused: tell who sent them which files of their mail were not taken."""
    tell(refused_files_notice(event_of(event_id)), now=timezone.now())


@reaction
def send_case_reply(event_id: int) -> None:
    """case.replied, case.reopened: tell who owns it that the customer waits again."""
    tell(reply_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_case_assigned(event_id: int) -> None:
    """case.assigned: tell who owns it now."""
    tell(assigned_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_case_escalated(event_id: int) -> None:
    """case.escalated: owner, deputy, managers, as the time runs out."""
    tell(escalation_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_question_asked(event_id: int) -> None:
    """question.asked: tell who is to answer."""
    tell(asked_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_question_answered(event_id: int) -> None:
    """question.answered, question.declined: tell who asked."""
    tell(answered_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_unread(event_id: int) -> None:
    """conversation.unread: mail what was said to the side that is away."""
    tell(unread_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_handed_over(event_id: int) -> None:
    """conversation.handed_over: tell who has it now, with all that was said."""
    tell(hand_over_notices(event_of(event_id)), now=timezone.now())


@shared_task
def tell_what_was_said() -> int:
    """Ask for mails about what was said in conversations and not read."""
    return tell_what_waits(now=timezone.now())


@reaction
def judge_recovery(event_id: int) -> None:
    """shipment.delivered, order.placed: what came next may prove that an account was won back, or that it was not."""
    services.judge_recoveries(account_id=event_of(event_id).account_ref, now=timezone.now())


@shared_task
def judge_recoveries() -> int:
    """Notice accounts that did not order again in time, and what an event did not reach."""
    return services.judge_recoveries(now=timezone.now())


@shared_task
def reassign_orphans() -> int:
    """Notice open cases whose owner has left or is away."""
    return services.reassign_orphans(now=timezone.now())


@reaction
def follow_held_standing_order(event_id: int) -> None:
    """standing_order.held: the rep calls before the customer misses the goods."""
    services.follow_held_standing_order(event_of(event_id), now=timezone.now())


@reaction
def follow_failed_upload(event_id: int) -> None:
    """quick_order.upload_failed: the rep helps with the file."""
    services.follow_failed_upload(event_of(event_id), now=timezone.now())


@shared_task
def find_price_errors() -> int:
    """Every night: tell of what was charged above what is agreed, before the customer has to."""
    return services.find_price_errors(now=timezone.now())


@shared_task
def watch_the_house() -> int:
    """Notice what failed in the house, and own it before a customer has to ask."""
    return monitoring.watch_the_house(now=timezone.now())


@reaction
def send_troubles(event_id: int) -> None:
    """troubles.noticed: tell operations what failed and concerns no account."""
    tell(trouble_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_wrong_prices_left(event_id: int) -> None:
    """wrong_prices.left: tell management that more accounts wait than are written to at a time."""
    tell(wrong_price_notices(event_of(event_id)), now=timezone.now())


@shared_task
def escalate_cases() -> int:
    """Notice cases whose time runs out."""
    return services.escalate(now=timezone.now())


@shared_task
def remind_of_overdue_invoices() -> int:
    """Remind accounts of what is overdue and not in dispute."""
    return remind_overdue(disputed=disputed, now=timezone.now())


@reaction
def propose_call_after_dunning(event_id: int) -> None:
    """dunning.sent: at the level that says so, the rep calls."""
    event = event_of(event_id)
    if event.facts.get("tells_rep"):
        propose_call(dunning_of(event), now=timezone.now())


@reaction
def send_return_requested(event_id: int) -> None:
    """return.requested: tell who is to decide, where it waits for somebody."""
    tell(asked_return_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_return_news(event_id: int) -> None:
    """return.approved and whatever follows: tell who asked."""
    tell(return_news_notices(event_of(event_id)), now=timezone.now())


@reaction
def credit_received_return(event_id: int) -> None:
    """return.received: what came back is credited at once; what is not invoiced yet waits for a person."""
    shown = Return.objects.get(number=event_of(event_id).subject.partition(":")[2])
    try:
        credit_return(SYSTEM, shown, now=timezone.now())
    except NothingToCredit:
        return


@shared_task
def expire_unsent_returns() -> int:
    """End returns of which nothing was sent by their day."""
    return expire_returns(now=timezone.now())


@reaction
def send_call_back(event_id: int) -> None:
    """call_back.requested, call_back.missed: to the customer that it is noted, to who is to call that they are."""
    tell(call_back_notices(event_of(event_id)), now=timezone.now())


@shared_task
def notice_missed_call_backs() -> int:
    """Calls that nobody made in their hours are somebody else's."""
    return notice_missed(now=timezone.now())
