"""Reviews of a product as everybody reads them, and one's own with what became of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch

from apps.core.models import Event
from apps.core.scoping import Actor
from apps.feedback.errors import ReviewNotFound
from apps.feedback.models import ProductReview, ReviewVersion
from apps.feedback.rules.reviews import Rating, rating
from apps.ordering.models import OrderLine


@dataclass(frozen=True, slots=True)
class Review:
    """A review as shown to all. Who wrote it is told as a trade, never as a company or a name."""

    stars: int
    title: str
    body: str
    written_at: datetime
    segment: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class OwnReview:
    """The asker's own review: its latest version, the earlier ones, whether one is shown."""

    review: ProductReview
    latest: ReviewVersion
    earlier: tuple[ReviewVersion, ...]


def rating_of(product_id: int) -> Rating:
    """How the shown reviews of a product are spread over the stars. One query."""
    shown = ProductReview.objects.filter(product=product_id, shown_at__isnull=False).order_by()
    return rating(dict(shown.values_list("stars").annotate(Count("id"))))


def reviews_of(actor: Actor, product_id: int, *, stars: int | None = None, limit: int = 50) -> list[Review]:
    """The shown reviews, the latest first, of one number of stars where it is named. One query."""
    shown = ProductReview.objects.filter(product=product_id, shown_at__isnull=False).order_by("-written_at", "-id")
    if stars:
        shown = shown.filter(stars=stars)
    rows = shown.values_list("stars", "title", "body", "written_at", "account__segment", "contact")
    return [Review(*row, contact == actor.contact_id) for *row, contact in rows[:limit]]


def own_review(actor: Actor, product_id: int) -> OwnReview | None:
    """The asker's review of a product with all its versions. Two queries; none for who is no contact."""
    if actor.contact_id is None:
        return None
    mine = ProductReview.objects.filter(product=product_id, contact=actor.contact_id)
    review = mine.prefetch_related(Prefetch("versions", ReviewVersion.objects.order_by("-written_at", "-id"))).first()
    if review is None:
        return None
    latest, *earlier = review.versions.all()
    return OwnReview(review, latest, tuple(earlier))


def delivered_order(actor: Actor, product_id: int) -> str:
    """The number of the latest order with which the product was delivered to the actor's account; "" for none."""
    lines = OrderLine.objects.filter(product=product_id, order__account=actor.account_id, delivered_quantity__gt=0)
    return lines.order_by("-order__placed_at").values_list("order__number", flat=True).first() or ""


def version_for(pk: int) -> ReviewVersion:
    """A version of a review for who checks it."""
    version = ReviewVersion.objects.select_related("review__product").filter(pk=pk).first()
    if version is None:
        raise ReviewNotFound
    return version


def decided_notices(event: Event) -> list[dict]:
    """review.shown, review.declined: to who wrote it, for every score in the same words."""
    versions = ReviewVersion.objects.select_related("review__product", "review__contact")
    version = versions.get(pk=event.facts["version"])
    contact = version.review.contact
    if not contact.email or not contact.is_active:
        return []
    return [
        {
            "key": f"review-decided:{version.pk}",
            "to": contact.email,
            "contact_id": contact.pk,
            "template": "review_decided",
            "context": {"version": version, "product": version.review.product, "reader": contact.name},
            "language": contact.language,
            "account_id": version.review.account_id,
        }
    ]
