"""A programme is edited as a draft; what it asked stands in versions that are never changed."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max

from apps.feedback.models import Programme, ProgrammeVersion


class InUse(NamedTuple):
    """Programmes as they were read, and the version of each by its id."""

    programmes: list[Programme]
    versions: dict[int, ProgrammeVersion]


def versions_in_use(programmes: Sequence[Programme], now: datetime) -> dict[int, ProgrammeVersion]:
    """Programme id -> the version that is its words and rules as they are now; made where they were never used before.

    However many ask at the same time, the same words and rules become one version. One query where all are known; the
    translations and quotas of the programmes are best fetched before.
    """
    known = known_versions(programmes)
    made = {}
    for programme in sorted(programmes, key=lambda programme: programme.pk):
        made[programme.pk] = known.get(programme.pk) or _made(programme.pk, _content(programme), now)
    return made


def known_versions(programmes: Sequence[Programme]) -> dict[int, ProgrammeVersion]:
    """The same without making any: who was never used as they are now is left out. One query."""
    digests = {programme.pk: _digest(_content(programme)) for programme in programmes}
    found = ProgrammeVersion.objects.filter(programme__in=digests, digest__in=digests.values())
    return {version.programme_id: version for version in found if digests[version.programme_id] == version.digest}


@transaction.atomic
def _made(programme_id: int, content: dict, now: datetime) -> ProgrammeVersion:
    """The programme is locked, so that its versions are numbered without a gap."""
    Programme.objects.select_for_update(no_key=True).only("pk").get(pk=programme_id)
    versions = ProgrammeVersion.objects.filter(programme=programme_id)
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version, _is_new = versions.get_or_create(
        digest=_digest(content), defaults={"programme_id": programme_id, "number": number, "made_at": now, **content}
    )
    return version


def _content(programme: Programme) -> dict[str, dict]:
    """What counts of a programme, JSON-ready. Whether it is active is no part of what it asks."""
    policy = asdict(programme.policy)
    policy = {name: value for name, value in policy.items() if name not in ("is_active", "house")}
    trigger = {name: _plain(value) for name, value in asdict(programme.trigger).items()}
    aims = {"kind": programme.kind, "personas": sorted(programme.personas), "series": programme.series}
    content = {
        "words": programme.words,
        "policy": policy,
        "trigger": trigger | aims,
        "roles": {quota.role: quota.per_quarter for quota in programme.quotas.all()},
    }
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True))


def _plain(value):
    return sorted(value) if isinstance(value, frozenset) else value


def _digest(content: dict) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
