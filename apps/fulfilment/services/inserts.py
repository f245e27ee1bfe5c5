"""What goes into boxes beside the goods: chosen when a wave is released, put in by the picker, gone with the shipment.

Rules are locked while boxes are thought of, so two waves never give an account the same thing twice. What an account
was promised goes first, beside what the rules choose. Rows are locked in one order: shipments, rules, promises, stock,
budgets.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from apps.accounts.models import AccountGroup
from apps.availability.rules import Demand
from apps.availability.selectors import supplies_of
from apps.availability.services import hold_here, release
from apps.catalogue.models import Category
from apps.fulfilment.models import (
    BoxTerms,
    Complaint,
    InsertBudget,
    InsertRule,
    PromisedInsert,
    Shipment,
    ShipmentInsert,
)
from apps.fulfilment.models.inserts import PROMISED
from apps.fulfilment.rules.inserts import MOST, Choice, Terms, choose
from apps.fulfilment.selectors.inserts import occasions_of
from apps.pricing.services import issue_coupon, withdraw_coupon

_KEPT = (ShipmentInsert.State.CHOSEN, ShipmentInsert.State.PUT_IN)
_RESTS = (*_KEPT, ShipmentInsert.State.HELD_OUT)


@transaction.atomic
def choose_inserts(shipments: Sequence[Shipment], *, now: datetime) -> list[ShipmentInsert]:
    """What goes into the boxes of shipments of one warehouse, and what is held out; by `rules.inserts`.

    A sample is held of what lies in that warehouse, a budget is charged, a coupon gets its code. Nothing here refuses:
    what cannot be had is passed over, and what was promised then waits for another shipment. Shipments that were
    thought of before are left alone.
    """
    fresh = [shipment for shipment in shipments if not shipment.inserts.exists()]
    rules = list(
        InsertRule.objects.filter(is_active=True, insert__is_active=True)
        .select_related("insert")
        .prefetch_related("groups", "categories")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not fresh:
        return []
    on = now.astimezone(ZoneInfo(fresh[0].warehouse.time_zone)).date()
    promises = _promises({shipment.account_id for shipment in fresh}, on)
    return _Boxes(rules, promises, fresh, on, now).fill() if rules or promises else []


def _promises(account_ids: Collection[int], on: date) -> list[PromisedInsert]:
    """What still waits for a box of these accounts, locked; one that another wave took meanwhile is not among them."""
    waiting = PromisedInsert.objects.filter(
        account__in=account_ids, state=PromisedInsert.State.WAITING, valid_until__gte=on, insert__is_active=True
    )
    return list(waiting.select_related("insert").select_for_update(of=("self",)).order_by("pk"))


class _Boxes:
    """One wave's boxes: what is still free of samples, and when each account last got what."""

    def __init__(
        self,
        rules: Sequence[InsertRule],
        promises: Sequence[PromisedInsert],
        shipments: Sequence[Shipment],
        on: date,
        now: datetime,
    ):
        self.promises = list(promises)
        self.rules, self.shipments, self.on, self.now = {rule.pk: rule for rule in rules}, shipments, on, now
        self.terms = [rule.terms(frozenset(each.pk for each in rule.categories.all())) for rule in rules]
        self.most = BoxTerms.objects.order_by("pk").values_list("most", flat=True).first() or MOST
        self.free = self._free()
        self.budgets: dict[int, InsertBudget] = {}
        self.last = self._last()
        categories = {pk for terms in self.terms for pk in terms.categories}
        self.occasions = occasions_of(shipments, categories=categories, on=on)
        self.names = {
            "category": dict(Category.objects.filter(pk__in=categories).values_list("pk", "name")),
            "group": dict(AccountGroup.objects.values_list("pk", "name")),
        }

    def _free(self) -> Counter[int]:
        """Product id -> free pieces in the warehouse of the wave; the rows stay locked until the end."""
        products = {each.insert.product_id for each in (*self.rules.values(), *self.promises)} - {None}
        warehouse_id = self.shipments[0].warehouse_id
        return Counter(
            {
                product_id: source.free
                for product_id, supply in supplies_of(products, locked=True).items()
                for source in supply.sources
                if source.kind == "stock" and source.warehouse_id == warehouse_id
            }
        )

    def _last(self) -> dict[tuple[int, int], datetime]:
        accounts = {shipment.account_id for shipment in self.shipments}
        rows = ShipmentInsert.objects.filter(account__in=accounts, state__in=_RESTS).order_by("chosen_at")
        return {(account, insert): at for account, insert, at in rows.values_list("account", "insert", "chosen_at")}

    def _resting(self, account_id: int, rule: InsertRule) -> bool:
        at = self.last.get((account_id, rule.insert_id))
        return at is not None and at + timedelta(days=rule.rest_days) > self.now

    def fill(self) -> list[ShipmentInsert]:
        rows = []
        for shipment in self.shipments:
            promised = self._promised(shipment)
            rows += promised
            awake = [
                terms
                for terms in self.terms
                if terms.kind not in {row.kind for row in promised}
                and not self._resting(shipment.account_id, self.rules[terms.rule_id])
            ]
            occasion = self.occasions[shipment.pk]
            for choice in choose(awake, occasion, can_have=self._can_have, most=self.most):
                row = self._row(shipment, choice)
                if row is not None:
                    rows.append(row)
        wanted = [
            Demand(row.demand_ref, row.insert.product_id, 1)
            for row in rows
            if row.state == ShipmentInsert.State.CHOSEN and row.insert.product_id
        ]
        hold_here(wanted, warehouse_id=self.shipments[0].warehouse_id, on=self.on)
        return ShipmentInsert.objects.bulk_create(rows)

    def _promised(self, shipment: Shipment) -> list[ShipmentInsert]:
        """What of the account's promises goes with the shipment: one of a kind, as far as it lies there."""
        rows: list[ShipmentInsert] = []
        for promise in [each for each in self.promises if each.account_id == shipment.account_id]:
            insert = promise.insert
            there = insert.product_id is None or self.free[insert.product_id] > 0
            if not there or insert.kind in {row.kind for row in rows}:
                continue
            if insert.product_id:
                self.free[insert.product_id] -= 1
            self.last[shipment.account_id, insert.pk] = self.now
            self.promises.remove(promise)
            PromisedInsert.objects.filter(pk=promise.pk).update(state=PromisedInsert.State.IN_BOX, shipment=shipment)
            rows.append(
                ShipmentInsert(
                    shipment=shipment,
                    account_id=shipment.account_id,
                    promise=promise,
                    insert=insert,
                    kind=insert.kind,
                    state=ShipmentInsert.State.CHOSEN,
                    reasons=[[PROMISED, ""]],
                    cost=insert.cost,
                    chosen_at=self.now,
                )
            )
        return rows

    def _can_have(self, terms: Terms) -> bool:
        rule = self.rules[terms.rule_id]
        product_id, budget = rule.insert.product_id, self._budget(rule)
        there = product_id is None or self.free[product_id] > 0
        return there and (budget is None or budget.spent + rule.insert.cost <= budget.limit)

    def _budget(self, rule: InsertRule) -> InsertBudget | None:
        """This period's, with the limit as operations last said it; never below what is spent."""
        if rule.budget is None:
            return None
        if rule.pk in self.budgets:
            return self.budgets[rule.pk]
        budget, _new = InsertBudget.objects.select_for_update().get_or_create(
            rule=rule, starts_on=rule.period_of(self.on), defaults={"limit": rule.budget}
        )
        limit = max(rule.budget, budget.spent)
        if budget.limit != limit:
            InsertBudget.objects.filter(pk=budget.pk).update(limit=limit)
            budget.limit = limit
        self.budgets[rule.pk] = budget
        return budget

    def _row(self, shipment: Shipment, choice: Choice) -> ShipmentInsert | None:
        rule = self.rules[choice.terms.rule_id]
        insert, budget = rule.insert, None
        if not choice.held_out:
            budget = self._budget(rule)
            if budget is not None:
                within = InsertBudget.objects.filter(pk=budget.pk, spent__lte=F("limit") - insert.cost)
                if not within.update(spent=F("spent") + insert.cost):
                    return None
                budget.spent += insert.cost
            if insert.product_id:
                self.free[insert.product_id] -= 1
        self.last[shipment.account_id, insert.pk] = self.now
        return ShipmentInsert(
            shipment=shipment,
            account_id=shipment.account_id,
            rule=rule,
            insert=insert,
            kind=insert.kind,
            state=ShipmentInsert.State.HELD_OUT if choice.held_out else ShipmentInsert.State.CHOSEN,
            reasons=[[code, self.names.get(code, {}).get(value, value)] for code, value in choice.reasons],
            cost=0 if choice.held_out else insert.cost,
            budget=budget,
            coupon_code="" if choice.held_out else self._code(shipment, rule),
            chosen_at=self.now,
        )

    def _code(self, shipment: Shipment, rule: InsertRule) -> str:
        if rule.insert.kind != "coupon":
            return ""
        return issue_coupon(
            shipment.account_id,
            name=rule.insert.name,
            percent=rule.insert.percent,
            valid_from=self.on,
            valid_until=self.on + timedelta(days=rule.insert.valid_days),
        )


@transaction.atomic
def settle_inserts(shipment: Shipment, put_in: Collection[int] | None) -> None:
    """The picker says what is in the box, by the ids of the choices; None: everything. The rest is given back.

    The shipment is locked by the caller. Ids of other shipments say nothing.
    """
    waiting = shipment.inserts.filter(state=ShipmentInsert.State.CHOSEN)
    rows = list(waiting.select_for_update().order_by("pk"))
    there = [row for row in rows if put_in is None or row.pk in put_in]
    ShipmentInsert.objects.filter(pk__in=[row.pk for row in there]).update(state=ShipmentInsert.State.PUT_IN)
    _leave_out([row for row in rows if row not in there])


@transaction.atomic
def call_off_inserts(shipment_ids: Collection[int]) -> None:
    """These shipments do not leave: what was chosen or put in goes back."""
    rows = ShipmentInsert.objects.filter(shipment__in=shipment_ids, state__in=_KEPT)
    _leave_out(list(rows.select_for_update().order_by("pk")))


def _leave_out(rows: Sequence[ShipmentInsert]) -> None:
    if not rows:
        return
    ShipmentInsert.objects.filter(pk__in=[row.pk for row in rows]).update(state=ShipmentInsert.State.LEFT_OUT)
    release([row.demand_ref for row in rows])
    back = PromisedInsert.objects.filter(pk__in=[row.promise_id for row in rows], state=PromisedInsert.State.IN_BOX)
    back.update(state=PromisedInsert.State.WAITING, shipment=None)
    for row in sorted(rows, key=lambda row: row.budget_id or 0):
        InsertBudget.objects.filter(pk=row.budget_id).update(spent=F("spent") - row.cost)
        if row.coupon_code:
            withdraw_coupon(row.coupon_code)


def held_for_boxes(shipment: Shipment) -> dict[str, int]:
    """What leaves with the locked shipment beside its goods: ref -> pieces. What nobody ticked counts as put in."""
    settle_inserts(shipment, None)
    PromisedInsert.objects.filter(shipment=shipment).update(state=PromisedInsert.State.GONE)
    rows = shipment.inserts.filter(state=ShipmentInsert.State.PUT_IN, insert__product__isnull=False)
    return {row.demand_ref: 1 for row in rows}


def remember_complaint(account_id: int, source_ref: str, *, happened_at: datetime) -> bool:
    """An account complained; whether that is new. Safe to repeat."""
    _row, made = Complaint.objects.get_or_create(
        source_ref=source_ref, defaults={"account_id": account_id, "happened_at": happened_at}
    )
    return made


def promise_insert(account_id: int, insert_id: int, *, source_ref: str, valid_until: date) -> PromisedInsert:
    """Let this go with the next shipment of the account; once for each `source_ref`."""
    promise, _made = PromisedInsert.objects.get_or_create(
        source_ref=source_ref,
        defaults={"account_id": account_id, "insert_id": insert_id, "valid_until": valid_until},
    )
    return promise


def withdraw_insert(source_ref: str) -> bool:
    """The promise is over; whether that is so: what lies in a box, or has left, stays."""
    promises = PromisedInsert.objects.filter(source_ref=source_ref)
    promises.filter(state=PromisedInsert.State.WAITING).update(state=PromisedInsert.State.OVER)
    return not promises.filter(state__in=(PromisedInsert.State.IN_BOX, PromisedInsert.State.GONE)).exists()
