"""Reviews are written by who was delivered, checked by a person, and shown: see `rules.reviews`."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Contact
from apps.accounts.services import demand
from apps.catalogue.models import Product
from apps.core.events import record
from apps.core.scoping import Actor
from apps.feedback.errors import ReviewDecided, ReviewRefused, ReviewUnverified, TooManyReviews
from apps.feedback.models import ProductReview, ReviewVersion
from apps.feedback.rules.reviews import LONGEST, LONGEST_TITLE, MOST_A_DAY, SHORTEST, review_problems
from apps.feedback.selectors.reviews import delivered_order

DAY = timedelta(days=1)
_State = ReviewVersion.State


@transaction.atomic
def write_review(
    actor: Actor, product: Product, *, stars: int | None, title: str, body: str, now: datetime
) -> ReviewVersion:
    """The actor's review of a product, or a new version of it; it waits to be checked. Records `review.written`.

    The same words and stars again are the same version. Raises `ReviewUnverified`, `ReviewRefused`, `TooManyReviews`.
    """
    demand(actor, "review.write")
    title, body = title.strip(), body.strip()
    _refuse(review_problems(stars, title, body))
    contact = Contact.objects.select_for_update().filter(pk=actor.contact_id, account=actor.account_id).first()
    number = delivered_order(actor, product.pk)
    if contact is None or not number:
        raise ReviewUnverified
    review, _made = ProductReview.objects.get_or_create(
        product=product,
        contact=contact,
        defaults={"account_id": actor.account_id, "order_ref": number, "written_at": now},
    )
    latest = review.versions.first()
    if latest and (latest.stars, latest.title, latest.body) == (stars, title, body):
        return latest
    if ReviewVersion.objects.filter(review__contact=contact, written_at__gt=now - DAY).count() >= MOST_A_DAY:
        raise TooManyReviews
    review.versions.filter(state=_State.WAITING).update(state=_State.REPLACED)
    version = review.versions.create(stars=stars, title=title, body=body, written_at=now)
    _record("review.written", version, actor, now)
    return version


def _refuse(problems: dict[str, str]) -> None:
    if not problems:
        return
    words = {
        ("stars", "missing"): _("Choose from one to five stars."),
        ("title", "too_long"): _("Keep the title within %(most)d characters.") % {"most": LONGEST_TITLE},
        ("body", "too_short"): _("Say a little more: %(least)d characters at least.") % {"least": SHORTEST},
        ("body", "too_long"): _("Keep it within %(most)d characters.") % {"most": LONGEST},
    }
    raise ReviewRefused(fields={field: [words[field, wrong]] for field, wrong in problems.items()})


@transaction.atomic
def show_review(actor: Actor, version: ReviewVersion, *, now: datetime) -> ReviewVersion:
    """Show a version that waits, in place of the one shown before. Records `review.shown`."""
    version = _decide(actor, version, _State.SHOWN, "", now)
    review = version.review
    review.versions.filter(state=_State.SHOWN).exclude(pk=version.pk).update(state=_State.REPLACED)
    review.stars, review.title, review.body = version.stars, version.title, version.body
    review.shown_at, review.written_at = now, version.written_at
    review.save(update_fields=["stars", "title", "body", "shown_at", "written_at"])
    _record("review.shown", version, actor, now)
    return version


@transaction.atomic
def decline_review(actor: Actor, version: ReviewVersion, *, reason: str, now: datetime) -> ReviewVersion:
    """Do not show a version, for one of the reasons; one that was shown is taken down. Records `review.declined`."""
    if reason not in ReviewVersion.Reason.values:
        raise ReviewRefused(_("Choose why it is not shown."))
    version = _decide(actor, version, _State.DECLINED, reason, now)
    _record("review.declined", version, actor, now, reason=reason)
    return version


def _decide(actor: Actor, version: ReviewVersion, state: str, reason: str, now: datetime) -> ReviewVersion:
    """Compare and set: what waits is decided once; what is shown may still be declined."""
    demand(actor, "review.moderate")
    review = ProductReview.objects.select_for_update().get(pk=version.review_id)
    version = ReviewVersion.objects.select_related("review__product").get(pk=version.pk)
    takes_down = version.state == _State.SHOWN and state == _State.DECLINED
    if version.state != _State.WAITING and not takes_down:
        raise ReviewDecided
    version.state, version.reason = state, reason
    version.decided_at, version.decided_by_name = now, actor.name
    version.save(update_fields=["state", "reason", "decided_at", "decided_by_name"])
    if takes_down:
        ProductReview.objects.filter(pk=review.pk).update(shown_at=None, stars=None, title="", body="")
    return version


def _record(name: str, version: ReviewVersion, actor: Actor, now: datetime, **facts) -> None:
    product = version.review.product
    facts = {"version": version.pk, "sku": product.sku, "product": product.name, "stars": version.stars, **facts}
    account_id = version.review.account_id
    record(name, f"review:{version.review_id}", account_id=account_id, actor=actor, at=now, **facts)
