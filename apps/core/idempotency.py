"""The same request sent twice is answered once.

1. A key is claimed with a hash of what was asked, and the claim is committed before anything is done.
2. The answer is kept under the key. Asked again for the same, it is given again; nothing is done.
3. Asked for something else under a known key, the request is refused (422). While the first is being answered, the
   second is refused (409). A claim that was never answered, because its process died, can be claimed anew after a
   minute; so what is done must be safe to repeat under the same key.
4. A refusal is not kept: what was wrong can be put right and sent again under the same key.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid
from apps.core.models import IdempotentRequest

GIVEN_UP_AFTER = timedelta(minutes=1)
KEPT_FOR = timedelta(days=30)


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    title = _("This key was used for another request")


class InFlight(Conflict):
    code = "request_in_flight"
    title = _("The first request with this key is still being answered: ask again shortly")


def answer_once(
    owner: str, key: str, asked: object, do: Callable[[], tuple[int, dict]], *, now: datetime
) -> tuple[int, dict]:
    """What `do` answers (status, JSON-ready document), or what it answered to the same `asked` under this key before.

    `owner` separates the keys of strangers. Must not be called inside a transaction that may roll back. Raises
    `KeyReused`, `InFlight`, and whatever `do` raises.
    """
    wording = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
    claimed = _claim(owner, key, hashlib.sha256(wording.encode()).hexdigest(), now)
    if claimed.status is not None:
        return claimed.status, claimed.answer
    try:
        status, answer = do()
    except BaseException:
        IdempotentRequest.objects.filter(pk=claimed.pk, status=None).delete()
        raise
    IdempotentRequest.objects.filter(pk=claimed.pk).update(status=status, answer=answer)
    return status, answer


def forget_answers(*, now: datetime) -> int:
    """Drop answers that nobody will ask for again; how many."""
    return IdempotentRequest.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]


@transaction.atomic
def _claim(owner: str, key: str, body_hash: str, now: datetime) -> IdempotentRequest:
    mine, made = IdempotentRequest.objects.select_for_update().get_or_create(
        owner=owner, key=key, defaults={"body_hash": body_hash, "created_at": now}
    )
    if made:
        return mine
    if mine.body_hash != body_hash:
        raise KeyReused()
    if mine.status is None:
        if mine.created_at > now - GIVEN_UP_AFTER:
            raise InFlight()
        mine.created_at = now
        mine.save(update_fields=["created_at"])
    return mine
