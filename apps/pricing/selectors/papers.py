"""Price lists on file: what an account has, and the mail that one is ready."""

from apps.accounts.rules import may
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.pricing.errors import PaperNotFound
from apps.pricing.models import PriceListFile, PriceListSchedule


def papers_of(actor: Actor, account_id: int, *, limit: int = 20) -> list[PriceListFile]:
    """What was made for the account or is being made, the latest first. One query."""
    return list(PriceListFile.objects.visible_to(actor).filter(account=account_id).select_related("contact")[:limit])


def paper_for(actor: Actor, paper_id: int) -> PriceListFile:
    """One that is ready; `PaperNotFound` for absent, not ready and not the actor's alike."""
    mine = PriceListFile.objects.visible_to(actor).select_related("account")
    found = mine.filter(pk=paper_id, state=PriceListFile.State.READY).first()
    if found is None:
        raise PaperNotFound()
    return found


def schedules_of(actor: Actor, account_id: int) -> list[PriceListSchedule]:
    mine = PriceListSchedule.objects.visible_to(actor).filter(account=account_id)
    return list(mine.select_related("contact"))


def schedule_for(actor: Actor, schedule_id: int) -> PriceListSchedule:
    found = PriceListSchedule.objects.visible_to(actor).filter(pk=schedule_id).select_related("account").first()
    if found is None:
        raise PaperNotFound()
    return found


def paper_notices(event: Event) -> list[dict]:
    """price_list.made: to who is to have it, if they still work there and may see prices."""
    papers = PriceListFile.objects.select_related("account", "contact")
    paper = papers.filter(pk=int(event.subject.partition(":")[2])).first()
    contact = paper.contact if paper else None
    if contact is None or not contact.email or not contact.is_active or not may(contact.role, "price.read"):
        return []
    return [
        {
            "key": f"price-list:{paper.pk}",
            "to": contact.email,
            "contact_id": contact.pk,
            "template": "price_list_ready",
            "context": {"paper": paper, "contact": contact},
            "language": paper.language,
            "account_id": paper.account_id,
        }
    ]
