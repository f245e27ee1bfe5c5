"""What makes the demo's pages personal: messages on occasions, a customer in their own look, a call to be made."""

from datetime import date
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db.models import F
from PIL import Image, ImageDraw

from apps.accounts.models import Account, Branding, Contact, User
from apps.accounts.selectors import actor_for
from apps.cases.selectors.call_backs import reach_of, windows_of
from apps.cases.services.call_backs import request_call_back
from apps.demo.accounts import NEW, STAGE, Party
from apps.demo.clock import Clock
from apps.demo.logins import BUYER_HOUSE
from apps.insights.models import Greeting, GreetingText

GROUP = 1  # the parent of the demo's account: its look is that of the whole family
ACCENT, LOGO = "#3d6b2f", "branding/ashgrove.png"
YEARS = 6
# name, occasion, number, shown for days, persona, priority, days from and until, title, words
GREETINGS = (
    ("First log-in", "first_log_in", None, 30, "", 10, None, "Good to have you here, {contact}",
     "This is your page: what you need next, what is on its way, and me. Arrange it as you like; "
     "the button stands above."),
    ("First delivery", "first_delivery", None, 14, "", 20, None, "Your first order has arrived",
     "I hope all was as it should be. Should anything be missing or damaged, report it beside the delivery; "
     "I read every one."),
    ("A hundred orders", "nth_order", 100, 14, "", 30, None, "A hundred orders",
     "Order number {number} from {account}: thank you for your trust."),
    ("Back again", "back", 120, 21, "", 40, None, "Good to hear from you again",
     "It was quiet for a while. Tell me what we could have done better, or what has changed with you."),
    ("Around the holidays", "days", None, 14, "end_user", 50, (-2, 20), "Deliveries around the holidays",
     "We deliver until the last working day before a holiday. What is promised for the days between comes on the first "
     "working day after; the dates you see here say so already."),
    ("E-invoices", "days", None, 14, "gatekeeper", 60, (-10, 60), "Your invoices as data",
     "Every invoice can be downloaded as an e-invoice beside its PDF. Say the word, and I have them sent to your "
     "system."),
    ("Anniversary", "anniversary", None, 30, "", 70, None, "{years} years together",
     "{account} has been with us for {years} years. Thank you; the coffee is on me when I am next on your site."),
    ("New contract", "contract", None, 21, "", 80, None, "Your new prices hold from today",
     "Your contract has begun anew, and every price you see here is by it. Ask me about anything you miss."),
)  # fmt: skip


def save_personal(parties: list[Party], clock: Clock) -> None:
    _save_greetings(clock)
    _save_branding(clock)
    _remember_log_ins(parties)
    today = clock.today
    since = date(today.year - YEARS, today.month, min(today.day, 28))
    Account.objects.filter(pk=STAGE).update(since_on=since)
    _ask_for_a_call(clock)


def _save_greetings(clock: Clock) -> None:
    for name, trigger, number, shown, persona, priority, days, title, body in GREETINGS:
        from_on, until_on = (clock.day(days[0]), clock.day(days[1])) if days else (None, None)
        made = Greeting.objects.create(
            name=name, trigger=trigger, number=number, shown_days=shown, persona=persona, priority=priority,
            from_on=from_on, until_on=until_on,
        )  # fmt: skip
        GreetingText.objects.create(greeting=made, title=title, body=body)


def _save_branding(clock: Clock) -> None:
    path = Path(settings.MEDIA_ROOT) / LOGO
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_leaf())
    Branding.objects.create(
        account_id=GROUP, logo=LOGO, accent=ACCENT, greeting_name="Ashgrove", changed_at=clock.ago(days=40)
    )


def _leaf() -> bytes:
    """Three ash leaves on a stem, drawn four times as large and made small, so that the edges are smooth."""
    big = Image.new("RGBA", (640, 640), (0, 0, 0, 0))
    draw = ImageDraw.Draw(big)
    for x, y, colour in ((90, 250, "#5f8f4e"), (350, 250, "#5f8f4e"), (220, 40, ACCENT)):
        draw.ellipse((x, y, x + 200, y + 300), fill=colour)
    draw.line((320, 200, 320, 620), fill="#2c4d22", width=28)
    out = BytesIO()
    big.resize((160, 160), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _remember_log_ins(parties: list[Party]) -> None:
    """Who has been here before is not new; only at the youngest account nobody has."""
    elsewhere = {someone.user for someone in parties[STAGE - 1].people}
    new = {someone.user for someone in parties[NEW - 1].people} - elsewhere
    known = User.objects.filter(is_machine=False).exclude(pk__in=new)
    known.update(first_log_in_at=F("date_joined"))


def _ask_for_a_call(clock: Clock) -> None:
    """A colleague of the demo's buyer asks for the first call there is."""
    asking = Contact.objects.select_related("user", "account").get(email=f"priya.chaudhry@{BUYER_HOUSE}")
    offered = windows_of(reach_of(asking.account, asking.pk, now=clock.now), now=clock.now)
    if offered:
        about = "The price of the filters on our last quote, and whether they can come in one delivery."
        request_call_back(
            actor_for(asking.user), window=offered[0].window.key, phone=asking.phone, about=about, now=clock.now
        )
