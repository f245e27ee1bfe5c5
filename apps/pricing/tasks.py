from celery import shared_task
from django.utils import timezone

from apps.accounts.services import tell
from apps.core.events import event_of
from apps.core.reactions import reaction
from apps.pricing.selectors import decided_notices, paper_notices, requested_notices
from apps.pricing.selectors.proposals import agreed_notices, proposal_notices
from apps.pricing.services import forget_old_papers, make_due_papers, make_paper


@reaction
def send_match_requested(event_id: int) -> None:
    """price_match.requested: tell the rep."""
    tell(requested_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_match_decided(event_id: int) -> None:
    """price_match.granted, price_match.declined: tell who asked."""
    tell(decided_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_proposal_decided(event_id: int) -> None:
    """price_proposal.agreed, price_proposal.declined: tell who proposed it."""
    tell(proposal_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_price_agreed(event_id: int) -> None:
    """price_proposal.agreed: tell those who buy for the account."""
    now = timezone.now()
    tell(agreed_notices(event_of(event_id), timezone.localdate(now)), now=now)


@reaction
def make_price_list(event_id: int) -> bool:
    """price_list.requested: write the file."""
    return make_paper(int(event_of(event_id).subject.partition(":")[2]), now=timezone.now())


@reaction
def send_price_list(event_id: int) -> None:
    """price_list.made: tell who asked for it."""
    tell(paper_notices(event_of(event_id)), now=timezone.now())


@shared_task
def make_due_price_lists() -> int:
    """Ask for the scheduled price lists that are due, and drop those that are old."""
    forget_old_papers(now=timezone.now())
    return make_due_papers(now=timezone.now())
