"""A note on an account is written; a colleague it names is told, where they may see the account at all."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.errors import AccountNotFound
from apps.accounts.models import Account, Rep
from apps.accounts.selectors import accounts_visible
from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.insights.errors import NoteRefused
from apps.insights.models import AccountNote, Mention
from apps.insights.rules.mentions import mentioned, strangers
from apps.insights.selectors.notes import who_sees

LONGEST_NOTE = 4000


@transaction.atomic
def write_note(actor: Actor, account: Account, *, body: str, key: str, now: datetime) -> AccountNote:
    """Note something about an account the actor may see; "@" and a name tells a colleague. The same key writes it once.

    To be named gives nobody a view of the account: `NoteRefused` says who does not see it. Records `note.written`.
    """
    demand(actor, "case.work")
    account = accounts_visible(actor).filter(pk=account.pk).first()
    if account is None:
        raise AccountNotFound()
    body = "\n".join(body.splitlines()).strip()
    named = _named(account, body)
    note, is_new = AccountNote.objects.get_or_create(
        account=account,
        key=key[:40],
        defaults={"by_id": actor.user_id, "by_name": actor.name[:120], "body": body, "written_at": now},
    )
    if is_new:
        Mention.objects.bulk_create(Mention(note=note, rep=rep) for rep in named)
        facts = {"comment": body[:400], "mentioned": [rep.user.name for rep in named]}
        record("note.written", f"note:{note.pk}", at=now, account_id=account.pk, actor=actor, **facts)
    return note


def _named(account: Account, body: str) -> list[Rep]:
    if not 1 <= len(body) <= LONGEST_NOTE:
        raise NoteRefused(_("Write something, in at most %(n)s characters.") % {"n": LONGEST_NOTE})
    everybody = list(Rep.objects.filter(user__is_active=True).select_related("user"))
    names = [rep.user.name for rep in everybody if rep.user.name]
    unknown = strangers(body, names)
    if unknown:
        raise NoteRefused(_("Nobody here is called %(names)s.") % {"names": ", ".join(f"@{one}" for one in unknown)})
    wanted = mentioned(body, names)
    seeing = {rep.user.name: rep for rep in who_sees(account)}
    _refuse_blind([name for name in wanted if name not in seeing], account)
    return [seeing[name] for name in wanted]


def _refuse_blind(names: Iterable[str], account: Account) -> None:
    blind = ", ".join(names)
    if blind:
        words = _(
            "%(names)s does not see %(account)s, and being named in a note does not change that. Hand the account over,"
            " or name somebody who sees it."
        )
        raise NoteRefused(words % {"names": blind, "account": account.name})


def read_mention(actor: Actor, mention_id: int, *, now: datetime) -> None:
    """Tick off a note that names the actor; nobody else can."""
    Mention.objects.filter(pk=mention_id, rep=actor.rep_id, read_at=None).update(read_at=now)
