from celery import shared_task
from django.utils import timezone

from apps.accounts.services import tell
from apps.cases.models import Case
from apps.cases.selectors import resolved_notice
from apps.core.events import event_of
from apps.core.reactions import reaction
from apps.feedback import sending, services
from apps.feedback.models import Invitation
from apps.feedback.selectors import decided_notices, held_back_notices, offer_notices
from apps.fulfilment.models import Shipment


@reaction
def plan_invitation_after_delivery(event_id: int) -> None:
    """shipment.delivered: decide whom to ask, when, or why not."""
    shipment_id = _shipment_of(event_id)
    services.plan_first_order(shipment_id, now=timezone.now())
    decision = services.plan_invitation(shipment_id, now=timezone.now())
    if decision is not None and decision.reason == Invitation.Reason.VOIDED:  # received again
        services.follow_delivery(shipment_id, now=timezone.now())


@reaction
def follow_delivery(event_id: int) -> None:
    """shipment.corrected, shipment.voided: decide anew, or ask nobody."""
    services.follow_delivery(_shipment_of(event_id), now=timezone.now())


@reaction
def send_mail_held_back(event_id: int) -> None:
    """mail.held_back: tell operations, perhaps two machines answer each other."""
    tell(held_back_notices(event_of(event_id)), now=timezone.now())


@reaction
def follow_return(event_id: int) -> None:
    """return.received: what has come back whole is not asked about."""
    number = event_of(event_id).subject.partition(":")[2]
    came_back = Shipment.objects.filter(lines__order_line__return_lines__of__number=number)
    for shipment_id in came_back.order_by("pk").values_list("pk", flat=True).distinct():
        services.follow_delivery(shipment_id, now=timezone.now())


def _shipment_of(event_id: int) -> int:
    number = event_of(event_id).subject.partition(":")[2]
    return Shipment.objects.values_list("pk", flat=True).get(number=number)


@shared_task
def settle_votes() -> int:
    """Let votes count that nothing contested."""
    return services.settle_votes(now=timezone.now())


@reaction
def close_the_loop_of_answer(event_id: int) -> None:
    """survey.answered, survey.revised: a case, an offer or thanks."""
    services.close_the_loop(event_of(event_id).facts["answer_id"], now=timezone.now())


@reaction
def read_comment_of_answer(event_id: int) -> None:
    """survey.answered: note what its comment is about."""
    services.read_comment(event_of(event_id).facts["answer_id"])


@reaction
def read_all_comments(event_id: int) -> int:
    """vocabulary.changed: what every comment is about may be another thing now."""
    return services.read_all_comments()


@reaction
def replan_after_case(event_id: int) -> None:
    """case.resolved: ask about what was waiting for the fix."""
    account_id = event_of(event_id).account_ref
    services.replan_first_order(account_id, now=timezone.now())
    services.replan_after_case(account_id, now=timezone.now())


@reaction
def plan_effort_after_case(event_id: int) -> None:
    """case.resolved: ask who reported it how easy that was; who is not asked is told what was done."""
    asked = services.plan_effort(_case_of(event_id), now=timezone.now())
    if asked is None or asked.state in (Invitation.State.SUPPRESSED, Invitation.State.CANCELLED):
        tell(resolved_notice(event_of(event_id)), now=timezone.now())


@reaction
def cancel_effort_of_case(event_id: int) -> None:
    """case.reopened: what is not put right after all is not asked about."""
    services.cancel_effort(_case_of(event_id), now=timezone.now())


def _case_of(event_id: int) -> int:
    number = event_of(event_id).subject.partition(":")[2]
    return Case.objects.values_list("pk", flat=True).get(number=number)


@reaction
def send_review_decided(event_id: int) -> None:
    """review.shown, review.declined: tell who wrote it."""
    tell(decided_notices(event_of(event_id)), now=timezone.now())


@shared_task
def send_due_invitations() -> int:
    """Send what is due."""
    return sending.send_due(clock=timezone.now)


@shared_task
def reconcile_invitations() -> None:
    """Settle what a crash left behind, and decide about deliveries and cases that no event reported."""
    services.reconcile(now=timezone.now())
    while services.plan_undecided(now=timezone.now()):
        pass
    services.plan_missed_efforts(now=timezone.now())
    services.plan_missed_first_orders(now=timezone.now())


@shared_task
def plan_questions_of_accounts() -> int:
    """Every day: whom to ask how we do as a whole, and which silent account whether it would order again."""
    return services.plan_half_years(now=timezone.now()) + services.plan_silences(now=timezone.now())


@shared_task
def expire_invitations() -> int:
    """Close questions whose time is over."""
    return services.expire(now=timezone.now())


@reaction
def end_references_of_contact(event_id: int) -> None:
    """consent.withdrawn, contact.objected: who is not to be quoted is a reference no more, as of what was said then."""
    event = event_of(event_id)
    if event.facts["purpose"] == "reference":
        contact_id = int(event.subject.partition(":")[2])
        services.end_references(contact_id, agreed_by=event.occurred_at, now=timezone.now())


@reaction
def send_offer_made(event_id: int) -> None:
    """offer.approved: tell who may be written to about offers."""
    tell(offer_notices(event_of(event_id)), now=timezone.now())


@reaction
def follow_use_of_offers(event_id: int) -> None:
    """What an account orders, calls off or is sent, and what its rep has done for it: what they were offered is used,
    or free again."""
    services.follow_use(event_of(event_id).account_ref, now=timezone.now())


@shared_task
def end_offers() -> int:
    """Every hour: offers that nobody decided or used in time."""
    return services.end_offers(now=timezone.now())


@shared_task
def find_missing_roles() -> int:
    """Every day: let reps find who in an account is not known, but should be asked."""
    return services.find_missing_roles(now=timezone.now())
