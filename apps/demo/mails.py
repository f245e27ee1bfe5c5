"""Mails that came to the service desk of the demo, and what customers say about how cases were put right.

Told by the same services as everywhere, from mails as a mail server hands them over.
"""

from datetime import datetime, timedelta
from email.message import EmailMessage
from io import BytesIO

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from PIL import Image, ImageDraw

from apps.accounts.models import Contact
from apps.cases.models import Case, CaseFile
from apps.cases.services.mails import take_service_mail
from apps.core.events import only_told
from apps.core.incoming import incoming
from apps.demo.chance import dice
from apps.demo.clock import Clock
from apps.demo.logins import BUYER_HOUSE
from apps.demo.parcels import name_file
from apps.ordering.models import Order

_LEAK = (
    "Hello,\n\none of the drums leaks at the seam, see the picture. We have put it outside.\n"
    "It came with {order}. Can you collect it this week?\n\n-- \n{name}\nPurchasing, extension 41"
)
_STRANGER = (
    "Good morning,\n\nI run the new paint shop next door to your customer and they told me to write to you. "
    "Two of the pallets on the picture are not ours. Whose are they?\n\nThank you\nTom Bell"
)
_NEWSLETTER = "Dear sir or madam, would you like to be found first by every search engine? Answer with yes."


def save_mails(clock: Clock) -> None:
    """A leaking drum by mail with a photograph, two mails of people nobody knows, and ratings of resolved cases."""
    writer = _who_writes()
    order = Order.objects.filter(account=writer.account).order_by("-placed_at", "-pk").first()
    said = _LEAK.format(order=order.number if order else "the last delivery", name=writer.name)
    with only_told():
        _take(writer.email, writer.name, "Leaking drum", said, clock.ago(hours=2), ("drum.jpg", _drawn("drum")))
        stranger = f"tom.bell@{BUYER_HOUSE}"
        _take(stranger, "Tom Bell", "Two pallets too many", _STRANGER, clock.ago(hours=5), ("yard.jpg", _drawn("yard")))
        _take("hello@findable.example", "Findable", "Be found first", _NEWSLETTER, clock.ago(hours=9))
    for file in CaseFile.objects.order_by("pk"):
        name_file(file, f"cases/demo-{file.pk}.{file.kind}")
    _rate(clock)


def _who_writes() -> Contact:
    """Somebody whose account has a case open already, if anybody: a further one keeps nobody from being asked."""
    has_case = Exists(Case.objects.unresolved().filter(account=OuterRef("account")))
    writers = Contact.objects.filter(is_active=True).exclude(email="").annotate(has_case=has_case)
    own = Q(email__endswith=BUYER_HOUSE)  # of the demo's buyer, whose questions must not wait for a case
    return (
        writers.select_related("account")
        .annotate(is_own=ExpressionWrapper(own, BooleanField()))
        .order_by("is_own", "-has_case", "pk")[0]
    )


def _take(sender: str, name: str, subject: str, text: str, at: datetime, *files: tuple[str, bytes]) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{name} <{sender}>", "help@harrowvale.example", subject
    mail["Message-ID"] = f"<{subject.lower().replace(' ', '-')}@mail.example>"
    mail.set_content(text)
    for called, content in files:
        mail.add_attachment(content, maintype="image", subtype="jpeg", filename=called)
    take_service_mail(incoming(mail), now=at)


def _drawn(what: str) -> bytes:
    """A picture that could be a photograph: a drum in a puddle, or two pallets in a yard."""
    picture = Image.new("RGB", (900, 640), "#b9c2c6")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 420, 900, 640), fill="#8d9498")
    if what == "drum":
        draw.ellipse((240, 500, 720, 600), fill="#3f3a26")
        draw.rectangle((330, 150, 570, 530), fill="#2b5f9e")
        draw.ellipse((330, 110, 570, 190), fill="#3c76bb")
        for y in (270, 400):
            draw.line((330, y, 570, y), fill="#234e83", width=10)
    else:
        for x in (120, 500):
            draw.rectangle((x, 250, x + 280, 470), fill="#c79a5b", outline="#8a6736", width=6)
            draw.rectangle((x - 10, 470, x + 290, 520), fill="#7a5a30")
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()


def _rate(clock: Clock) -> None:
    """Of the cases resolved lately customers have judged one in three; most of them were put right."""
    lately = Case.objects.closed().filter(resolved_at__gt=clock.ago(days=80), resolved_at__lt=clock.ago(days=1))
    chance, rated = dice("put right"), []
    for case in lately.order_by("pk"):
        if chance.random() < 0.34:
            case.is_right = chance.random() < 0.86
            case.rated_at = min(case.resolved_at + timedelta(hours=chance.randint(2, 60)), clock.ago(hours=1))
            rated.append(case)
    Case.objects.bulk_update(rated, ["is_right", "rated_at"], batch_size=500)
