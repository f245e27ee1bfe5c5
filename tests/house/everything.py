"""One of everything that belongs to Brightwater, for whoever asks for its address."""

from datetime import timedelta

from django.core.files.base import ContentFile

from apps.accounts.models import Notice, SavedView
from apps.cases.models import (
    Article,
    Case,
    CaseFile,
    Conversation,
    FollowUp,
    Improvement,
    ProductQuestion,
    Return,
    ReturnFile,
    ReturnLine,
    SourcingRequest,
    WaitingMail,
)
from apps.catalogue.models import ProductDocument
from apps.feedback.models import Invitation, Offer
from apps.feedback.selectors import offer_stop_token
from apps.feedback.services import new_token
from apps.feedback.services.handover import hash_of
from apps.fulfilment.models import DeliveryFile, Proof, Shipment, Wave
from apps.insights.models import AccountNote, HandOver, Need, VisitDay
from apps.invoicing.models import Invoice
from apps.ordering.models import (
    ApprovalPolicy,
    BlanketOrder,
    BuyingList,
    CostCentre,
    Deputy,
    Quote,
    QuoteFile,
    StandingOrder,
)
from apps.pricing.models import PriceListFile, PriceListSchedule, PriceMatch, PriceProposal
from apps.recommendations.models import NextOrderLetter, Watch
from tests.feedback.deliveries import delivered


def belongings(world) -> dict[str, object]:
    """What the addresses take, by the address's name where it is its own, else by what it takes."""
    at, token = world.now, new_token()
    shipment = delivered(world, days_ago=3)
    order, account = shipment.order, world.brightwater
    wave = Wave.objects.create(warehouse=world.north, released_at=at, released_by="Otto")
    Shipment.objects.filter(pk=shipment.pk).update(wave=wave)
    money = {"currency": "GBP", "net": 16, "tax": 3, "gross": 19}
    invoice = Invoice.objects.create(
        number="IN-1", account=account, order=order, issued_on=world.today, due_on=world.today, **money
    )
    quote = Quote.objects.create(number="QU-1", account=account, contact=world.anna, currency="GBP", requested_at=at)
    quote.lines.create(product=world.bolt, quantity=100, current_price="0.16")
    file = QuoteFile.objects.create(
        quote=quote, name="drawing.pdf", kind="pdf", size=8, content=b"%PDF-1.7", side="buyer", sent_at=at
    )
    blanket = BlanketOrder.objects.create(
        number="BO-1", account=account, contact=world.anna, name="Bolts", currency="GBP", starts_on=world.today,
        ends_on=world.today + timedelta(days=100_000), made_at=at,
    )  # fmt: skip
    blanket.lines.create(product=world.bolt, unit_price="0.12", agreed=5000)
    case = Case.objects.create(
        number="CA-1", account=account, origin="portal", source_ref="portal:1", title="A question", opened_at=at,
        owner=world.rhea, acknowledge_by=at, answer_by=at, resolve_by=at,
    )  # fmt: skip
    talk = Conversation.objects.create(
        number="CV-1",
        account=account,
        contact=world.anna,
        owner=world.rhea,
        title="When?",
        begun_at=at,
        last_said_at=at,
    )
    talk.lines.create(author_name="Anna", body="When does it come?", said_at=at)
    Article.objects.create(slug=world.bolts.slug, title="Returns", body="Within 30 days.", topic="return")
    improvement = Improvement.objects.create(title="Nets", cause="delivery", hypothesis="Fewer torn", created_at=at)
    CaseFile(pk=file.pk, case=case, kind="pdf", name="x.pdf", size=8, sent_at=at).file.save("x", ContentFile(b"%PDF"))
    mail = WaitingMail.objects.create(pk=case.pk + 1, key="x", sender="x@y.example", words="Hello", received_at=at)
    SourcingRequest.objects.create(case=case, text="A seal", file=b"%PDF-1.7", file_kind="pdf")
    to_do = FollowUp.objects.create(
        account=account,
        owner=world.rhea,
        kind="call",
        title="Call",
        source_ref="x:1",
        due_on=world.today,
        created_at=at,
    )
    asked = Invitation.objects.create(
        programme=world.programme, shipment=shipment, account=account, contact=world.anna, state="sent", due_at=at,
        decided_at=at, sent_at=at, expires_at=at + timedelta(days=100_000), token_hash=hash_of(token),
    )  # fmt: skip
    question = ProductQuestion.objects.create(
        product=world.bolt, account=account, contact=world.anna, owner=world.rhea, body="Does it fit?", asked_at=at,
        answer_by=at,
    )  # fmt: skip
    document = ProductDocument(product=world.bolt, kind="manual", title="Manual")
    document.file.save("manual.pdf", ContentFile(b"%PDF-1.7"))
    watch = Watch.objects.create(
        account=account, contact=world.anna, product=world.oil, kind="price", below=30, currency="GBP", begun_at=at
    )
    letter = NextOrderLetter.objects.create(
        account=account, contact=world.anna, week_on=world.today, on=world.today, claimed_at=at
    )
    kept = BuyingList.objects.create(
        account=account, owner=world.anna, name="Stores", is_shared=True, created_at=at, updated_at=at
    )
    standing = StandingOrder.objects.create(
        account=account, contact=world.anna, ship_to=world.dock, name="Gloves", first_on=world.today,
        next_on=world.today, created_at=at,
    )  # fmt: skip
    match = PriceMatch.objects.create(
        account=account, contact=world.anna, product=world.bolt, quantity=100, competitor="Elsewhere", currency="GBP",
        competitor_price="0.10", key="x", asked_at=at, file=b"%PDF-1.7", file_kind="pdf",
    )  # fmt: skip
    schedule = PriceListSchedule.objects.create(account=account, contact=world.anna, next_on=world.today)
    paper = PriceListFile.objects.create(
        account=account, on_day=world.today, kind="csv", state="ready", asked_at=at, file=ContentFile(b"x", "a.csv")
    )
    centre = CostCentre.objects.create(account=account, code="100", name="Depot")
    policy = ApprovalPolicy.objects.create(account=account, name="Large orders", cost_centre=centre)
    deputy = Deputy.objects.create(
        contact=world.boris, deputy=world.fiona, from_on=world.today, until_on=world.today + timedelta(days=100_000)
    )
    proof = Proof.objects.create(
        shipment=shipment, source="driver", given_by="Dan", received_by="Rick", key="1", taken_at=at, heard_at=at,
        counts=True,
    )  # fmt: skip
    signature = DeliveryFile(pk=file.pk, shipment=shipment, proof=proof, kind="signature")
    signature.file.save("x.jpg", ContentFile(b"x"))
    sent_back = Return.objects.create(
        number="RMA-1", account=account, contact=world.anna, order=order, currency="GBP", key="1", requested_at=at,
        status="approved", warehouse=world.north, send_to="Leeds", send_by=world.today,
    )  # fmt: skip
    order_line = order.lines.get()
    type(order_line).objects.filter(pk=order_line.pk).update(returning_quantity=100)
    ReturnLine.objects.create(
        of=sent_back, order_line=order_line, reason="damaged", quantity=100, approved_quantity=100, fee_percent=0,
        until=world.today,
    )  # fmt: skip
    seen = ReturnFile(pk=file.pk, of=sent_back)
    seen.file.save("x.jpg", ContentFile(b"x"))
    offer = Offer.objects.create(
        account=account, kind="call", source_ref="x:1", rest=(world.today, world.today + timedelta(days=180)),
        proposed_at=at, decide_by=world.today,
    )  # fmt: skip
    news = Notice.objects.create(
        contact=world.anna, account=account, kind="case_answered", key="x", title="Our answer", about="case:CA-1",
        channel="mail", told_at=at,
    )  # fmt: skip
    view = SavedView.objects.create(
        account=account, owner=world.anna, page="orders", name="Open", query="status=open", is_shared=True, made_at=at
    )  # fmt: skip
    need = Need.objects.create(name="Titanium flange", first_on=world.today)
    need.mentions.create(account=account, source="search", source_ref=1, said="titanium flange", told_on=world.today)
    goes = HandOver.objects.create(
        account=account, giver=world.mona, taker=world.rhea, effective_on=world.today, summary="x", by_name="Mona",
        arranged_at=at,
    )  # fmt: skip
    proposal = PriceProposal.objects.create(
        account=account, product=world.bolt, unit_price="0.1", currency="GBP", valid_from=world.today,
        valid_until=world.today, by_name="Rhea", proposed_at=at, key="1",
    )  # fmt: skip
    note = AccountNote.objects.create(account=account, by_name="Mona", body="@Rhea", key="1", written_at=at)
    visit_day = VisitDay.objects.create(
        rep=world.rhea, day=world.today, start_name="nowhere", latitude=0, longitude=0, leaves_at="08:00", saved_at=at
    )
    numbers = {
        "return": sent_back,
        "order": order,
        "quote": quote,
        "blanket": blanket,
        "case": case,
        "conversation": talk,
        "invoice": invoice,
        "shipment": shipment,
        "account": account,
    }
    return {
        **{noun: thing.number for noun, thing in numbers.items()},
        "sku": world.bolt.sku,
        "slug": world.bolts.slug,
        "token": token,
        "mail_token": offer_stop_token(world.anna.pk),
        "name": document.file.name.removeprefix("documents/"),
        "ship_to_id": world.dock.pk,
        "contact_id": world.anna.pk,
        "follow_up_id": to_do.pk,
        "hand_over_id": goes.pk,
        "proposal_id": proposal.pk,
        "mention_id": note.mentions.create(rep=world.rhea).pk,
        "day": f"{visit_day.day}",
        "invitation_id": asked.pk,
        "mail_id": mail.pk,
        "match_id": match.pk,
        "need_id": need.pk,
        "offer_id": offer.pk,
        "paper_id": paper.pk,
        "schedule_id": schedule.pk,
        "question_id": question.pk,
        "improvement_id": improvement.pk,
        "watch_id": watch.pk,
        "letter_id": letter.pk,
        "list_id": kept.pk,
        "notice_id": news.pk,
        "view_id": view.pk,
        "file_id": file.pk,
        "standing_id": standing.pk,
        "cost_centre_id": centre.pk,
        "policy_id": policy.pk,
        "deputy_id": deputy.pk,
        "stamp": "0",
        "line_id": 1,
        "position": 1,
        "wave_id": wave.pk,
        "key_id": "0" * 32,
        "uidb64": "MQ",
    }
