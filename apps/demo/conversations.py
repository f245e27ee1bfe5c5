"""What is written down for who asks, and what the stage's buyer talked about with us."""

from datetime import timedelta

from apps.accounts.models import Contact, Rep
from apps.accounts.selectors import actor_for
from apps.cases.models import Article
from apps.cases.services import conversations as services
from apps.demo.clock import Clock
from apps.demo.logins import BUYER_HOUSE
from apps.ordering.models import Order

ARTICLES = (
    ("return-goods", "return", "Send goods back", ["refund", "exchange", "wrong"],
     "Open the order and choose “Return goods”. Say what comes back and why; most returns are agreed at once.\n\n"
     "You get a return number and a label. Goods as new are taken back within 30 days, faulty goods always. "
     "The credit note is issued on the day they arrive."),
    ("damaged", "shipment", "Something arrived damaged or incomplete", ["broken", "missing", "short"],
     "Open the order, and beside the delivery choose “Report a fault”. A photo helps, but is not needed.\n\n"
     "A case is opened with an owner and a date by which you are answered. You do not have to keep the parcel."),
    ("where-is-it", "shipment", "Where is my delivery?", ["tracking", "late", "parcel"],
     "The order shows each shipment with its carrier, its tracking number and the day it arrives.\n\n"
     "When a day moves we write to you before it is over, and you choose: wait, take another product, split, "
     "or cancel."),
    ("change-order", "order", "Change or cancel an order", ["cancel", "amend", "mistake"],
     "Until it is confirmed you can cancel an order yourself, on its page. After that quantities can be made smaller "
     "as long as nobody picks them.\n\nTo add something, place a further order: what goes to the same place on the "
     "same day travels together."),
    ("approval", "order", "Why does my order wait for a yes?", ["approver", "limit", "budget"],
     "Your company has set limits for orders or cost centres. The order shows who is to say yes, and who stands in.\n\n"
     "Prices and goods are kept for you meanwhile."),
    ("our-prices", "quote", "Why is this my price?", ["discount", "contract", "list"],
     "The page of a product says where its price comes from: a contract, a list of yours, or a break for quantity.\n\n"
     "All your prices are under Account, Price lists, as Excel, CSV or PDF."),
    ("ask-quote", "quote", "Ask for a better price", ["negotiate", "offer"],
     "Put what you need in the cart and choose “Ask for a quote”. Your account manager answers with prices that hold "
     "until a day you see, and you can make a counter-offer."),
    ("pay", "invoice", "How to pay an invoice", ["transfer", "iban", "card", "statement"],
     "Every invoice says by when and to which account. Give its number as the reference.\n\n"
     "The statement lists all that is open; it is a PDF and a CSV file."),
    ("e-invoice", "invoice", "Get e-invoices", ["xml", "ubl", "peppol"],
     "Each invoice can be downloaded as an e-invoice (EN 16931) beside its PDF."),
    ("add-colleague", "account", "Let a colleague order", ["user", "invite", "access"],
     "Administrators invite colleagues under Company: with a role, a limit and the cost centres they may use.\n\n"
     "Somebody who leaves loses access the same moment."),
    ("part-numbers", "product", "Search by our own part numbers", ["sku", "code"],
     "On the page of a product you can keep your own number for it. From then on search, quick order and documents "
     "know it."),
    ("paste-list", "product", "Order a whole list at once", ["excel", "paste", "upload"],
     "Quick order takes pasted lines, Excel and CSV files: a number and a quantity are enough, and what cannot be read "
     "is shown beside the line."),
)  # fmt: skip


def save_conversations(clock: Clock) -> None:
    Article.objects.bulk_create(
        Article(slug=slug, topic=topic, title=title, words=words, body=body, position=10 * at)
        for at, (slug, topic, title, words, body) in enumerate(ARTICLES, 1)
    )
    buyer = Contact.objects.select_related("user", "account__rep__user").get(email=f"buyer@{BUYER_HOUSE}")
    orders = list(Order.objects.filter(account=buyer.account).order_by("-placed_at")[:3])
    service = Rep.objects.select_related("user").filter(desk=Rep.Desk.SERVICE).order_by("pk").first()
    if len(orders) < 3 or service is None or buyer.account.rep is None:
        return
    them, rep, desk = (actor_for(each.user) for each in (buyer, buyer.account.rep, service))

    def ask(order: Order, words: str, days: float, to: str = "rep"):
        about, title = f"order:{order.number}", f"Order {order.number}"
        return services.begin(them, about=about, title=title, desk=to, body=words, now=clock.ago(days=days))

    ask(orders[0], "Can this one come before eight? We have no forklift after that.", days=0.1)
    handed = ask(orders[1], "Our paint shop needs the safety data sheets for this order.", days=4)
    services.say(rep, handed, body="I am passing this to a colleague who has them at hand.", now=clock.ago(days=3.95))
    note = "They need them in Polish as well."
    services.hand_over(rep, handed, to=service.pk, note=note, now=clock.ago(days=3.94))
    services.say(desk, handed, body="They stand on the page of each product, under Documents.", now=clock.ago(days=3.8))
    closed = ask(orders[2], "Is the pallet exchanged, or do we keep it?", days=20, to="service")
    services.say(desk, closed, body="Exchanged: the driver takes an empty one along.", now=clock.ago(days=19.9))
    services.say(them, closed, body="Good, thank you.", now=clock.ago(days=19.8))
    services.close(desk, closed, now=clock.ago(days=19.7))
    handed.lines.model.objects.update(told_at=clock.now - timedelta(minutes=1))
