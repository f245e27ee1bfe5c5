"""Notes among colleagues about an account, whom they name, and who can be named."""

from django.db.models import Q

from apps.accounts.models import Account, Rep
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.insights.models import AccountNote, CallReport, Mention


def notes_of(actor: Actor, account: Account, limit: int = 20) -> list[AccountNote]:
    """Of an account the actor may see, the latest first. One query."""
    return list(AccountNote.objects.visible_to(actor).filter(account=account)[:limit])


def call_reports_of(actor: Actor, account: Account, limit: int = 10) -> list[CallReport]:
    """Of an account the actor may see, the latest first. One query."""
    reports = CallReport.objects.visible_to(actor).filter(account=account)
    return list(reports.select_related("contact")[:limit])


def who_sees(account: Account) -> list[Rep]:
    """The colleagues who see an account, by name: its rep, and every desk that sees all. One query."""
    everywhere = Q(desk__in=(Rep.Desk.SERVICE, Rep.Desk.MANAGER))
    seeing = Rep.objects.filter(everywhere | Q(pk=account.rep_id), user__is_active=True)
    return list(seeing.select_related("user").order_by("user__name", "pk"))


def unread_mentions(actor: Actor) -> list[Mention]:
    """Notes that name a rep and that they have not ticked off, of accounts that are theirs to see. One query."""
    if actor.rep_id is None:
        return []
    mine = Mention.objects.filter(rep=actor.rep_id, read_at=None).select_related("note__account")
    if not actor.sees_everything:
        mine = mine.filter(note__account__rep=actor.rep_id)
    return list(mine.order_by("-note__written_at")[:20])


def mention_notices(event: Event) -> list[dict]:
    """note.written: to each colleague it names, while they see the account."""
    note = AccountNote.objects.select_related("account").get(pk=int(event.subject.partition(":")[2]))
    seeing = {rep.pk for rep in who_sees(note.account)}
    return [
        {
            "key": f"mention:{mention.pk}",
            "to": mention.rep.user.email,
            "template": "mentioned",
            "context": {"note": note, "account": note.account, "rep": mention.rep},
            "language": mention.rep.user.language,
            "account_id": note.account_id,
        }
        for mention in note.mentions.select_related("rep__user").order_by("pk")
        if mention.rep_id in seeing
    ]
