"""How the demo's accounts are looked after: targets, visits and calls, notes, a hand-over, prices agreed and asked for,
a day of visits, and how healthy accounts were over the last months."""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Sum

from apps.accounts.models import Account, Rep, ShipTo
from apps.accounts.selectors import actor_for
from apps.demo.accounts import STAGE, Party
from apps.demo.chance import dice
from apps.demo.clock import Clock
from apps.demo.house import House
from apps.demo.words import PLACES, SAID_ON_VISITS, STEPS_AFTER_VISITS
from apps.insights.models import CallReport, HandOver, RevenueTarget
from apps.insights.rules.routes import Day, Spot, visiting_all
from apps.insights.rules.targets import period_of
from apps.insights.selectors.hand_overs import as_text, facts_of
from apps.insights.selectors.visits import candidates_for
from apps.insights.services.hand_overs import arrange_hand_over
from apps.insights.services.health import keep_health_of
from apps.insights.services.notes import write_note
from apps.insights.services.visits import save_visit_day
from apps.invoicing.models import Invoice
from apps.pricing.models import ProductCost
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for_account
from apps.pricing.services.proposals import Proposed, propose_price
from apps.recommendations.models import RegularSku

MOST = 150  # accounts with a health of earlier months, and with talks: a large demo has them for its first ones alone
STEP = Decimal(5000)
HEALTH_DAYS = (0, 30, 60, 90)
SPREAD = 0.06  # degrees around the middle of a town


def save_places() -> None:
    """Each ship-to near the middle of its town, two in three to the metre; the others by their postal codes alone."""
    rows = list(ShipTo.objects.filter(account__lte=MOST * 10).order_by("pk"))
    for row in rows:
        chance = dice(f"place {row.account_id} {row.code}")
        middle = PLACES.get(row.city)
        if middle and (chance.random() < 0.67 or row.country != "GB"):
            row.latitude = Decimal(str(round(middle[0] + chance.uniform(-SPREAD, SPREAD), 5)))
            row.longitude = Decimal(str(round(middle[1] + chance.uniform(-SPREAD, SPREAD), 5)))
    ShipTo.objects.bulk_update(rows, ["latitude", "longitude"], batch_size=500)


def save_care(parties: list[Party], house: House, clock: Clock) -> None:
    accounts = list(Account.objects.filter(pk__lte=MOST, is_active=True).order_by("pk"))
    _save_talks(accounts, house, clock)
    for account in accounts:
        for days in HEALTH_DAYS:
            keep_health_of(account, now=clock.ago(days=days))
    _save_targets(accounts, house, clock)
    helen = Rep.objects.select_related("user").get(pk=parties[STAGE - 1].rep)
    _save_proposals(helen, clock)
    _save_note(helen, house, clock)
    _save_hand_over(helen, house, clock)
    _save_day(helen, clock)


def _save_talks(accounts: list[Account], house: House, clock: Clock) -> None:
    """Four in five accounts were spoken to lately, half of them visited."""
    reports = []
    for account in accounts:
        chance = dice(f"talks {account.pk}")
        people = list(account.contacts.order_by("pk")[:3])
        for turn in range(chance.choice((0, 1, 2, 2, 3))):
            kind = chance.choice(("visit", "visit", "call", "call", "call", "video"))
            held_on = clock.day(-chance.randint(2, 75))
            contact = chance.choice(people) if people else None
            note, step = chance.choice(SAID_ON_VISITS), chance.choice(STEPS_AFTER_VISITS)
            reports.append(
                CallReport(
                    account=account, rep_id=account.rep_id, by_name=house.names.get(account.rep_id, ""), kind=kind,
                    held_on=held_on, contact=contact, note=note, next_step=step, key=f"demo-{turn}",
                    written_at=clock.ago(days=(clock.today - held_on).days),
                )
            )  # fmt: skip
    CallReport.objects.bulk_create(reports)


def _save_targets(accounts: list[Account], house: House, clock: Clock) -> None:
    """For each rep, and some accounts, about what was invoiced in as long a time before, more or less."""
    targets = []
    for kind in ("quarter", "year"):
        first, last = period_of(kind, clock.today)
        days = (last - first).days + 1
        sold = Invoice.objects.filter(issued_on__gt=clock.day(-365), issued_on__lte=clock.today).order_by()
        said = {"period": kind, "starts_on": first, "set_by_name": house.people[-1].name, "set_at": clock.ago(days=40)}
        by_rep = sold.values_list("account__rep").annotate(Sum("net"))
        for rep_id, net in sorted((rep, net) for rep, net in by_rep if rep):
            more = Decimal(dice(f"target {rep_id}").choice(("0.9", "1.0", "1.1", "1.25")))
            targets.append(RevenueTarget(rep_id=rep_id, amount=_round(net * days / 365 * more), **said))
        own = sold.filter(account__in=[account.pk for account in accounts if account.pk % 5 == 2])
        for account_id, net in sorted(own.values_list("account").annotate(Sum("net"))):
            targets.append(RevenueTarget(account_id=account_id, amount=_round(net * days / 365), **said))
    RevenueTarget.objects.bulk_create(targets)


def _round(amount: Decimal) -> Decimal:
    return max((amount / STEP).to_integral_value(), Decimal(1)) * STEP


def _save_proposals(helen: Rep, clock: Clock) -> None:
    """Of what the stage's account buys regularly: one within the limit, one beyond it that waits for a manager."""
    actor, account = actor_for(helen.user), Account.objects.get(pk=STAGE)
    regular = RegularSku.objects.filter(account=STAGE).select_related("product").order_by("pk")[:20]
    products = [row.product for row in regular]
    costs = dict(ProductCost.objects.filter(product__in=products).order_by("pk").values_list("product", "unit_cost"))
    wanted = iter(
        (("0.97", "k1", "They asked for the same price all year."), ("0.84", "k2", "Else they buy it online."))
    )
    for product in products:
        own = prices_for_account(STAGE, [Ask(product.pk, 1)], clock.today)[Ask(product.pk, 1)].unit_price
        if not own or product.pk not in costs or own < costs[product.pk] * Decimal("1.35"):
            continue
        share, key, why = next(wanted, (None, "", ""))
        if share is None:
            break
        until = clock.today + timedelta(days=150)
        said = Proposed(own * Decimal(share), 1, clock.today, until, why)
        propose_price(actor, account, product, said, key=key, now=clock.now)


def _save_note(helen: Rep, house: House, clock: Clock) -> None:
    ruth = next((person.name for person in house.people if person.desk == "service"), "")
    body = f"@{ruth} they change their goods-in next week: please tell the carrier to ring at gate 2."
    write_note(actor_for(helen.user), Account.objects.get(pk=STAGE), body=body, key="demo", now=clock.ago(days=2))


def _save_hand_over(helen: Rep, house: House, clock: Clock) -> None:
    """Helen took an account over yesterday and has not read the summary yet; she gives one away next week."""
    taken = Account.objects.filter(rep=helen).exclude(pk=STAGE).order_by("-pk").first()
    other = Rep.objects.filter(desk="rep").exclude(pk=helen.pk).order_by("pk").first()
    if taken is None or other is None:
        return
    actor = actor_for(helen.user)
    facts = facts_of(actor, taken, now=clock.now)
    HandOver.objects.create(
        account=taken, giver=other, taker=helen, state="done", effective_on=clock.day(-1), facts=facts,
        summary=as_text(facts) + "\n\nThey count every box: call before a part delivery.", tells_customer=True,
        by_name=house.people[-1].name, arranged_at=clock.ago(days=6), done_at=clock.ago(days=1),
    )  # fmt: skip
    going = Account.objects.filter(rep=helen).exclude(pk__in=(STAGE, taken.pk)).order_by("-pk").first()
    if going is not None:
        arrange_hand_over(
            actor, [going], taker_id=other.pk, effective_on=clock.today + timedelta(days=7), summaries={},
            now=clock.now,
        )  # fmt: skip


def _save_day(helen: Rep, clock: Clock) -> None:
    """The next Tuesday from the house, with the four that are worth it most."""
    day = clock.today + timedelta(days=(1 - clock.today.weekday()) % 7 or 7)
    actor, plan = actor_for(helen.user), Day(Spot(*PLACES["Leeds"]), 8 * 60, 17 * 60)
    worth = [one for one in candidates_for(actor, helen, day, now=clock.now) if one.stop and not one.is_closed]
    near = [one for one in worth if plan.kilometres(plan.start, one.stop.spot) < 150][:4]
    if near:
        about = {one.row.account.pk: "\n".join(reason.text for reason in one.reasons) for one in near}
        found = visiting_all(plan, [one.stop for one in near])
        save_visit_day(actor, day, start_name="LS10 2AB", plan=plan, found=found, about=about, now=clock.now)
