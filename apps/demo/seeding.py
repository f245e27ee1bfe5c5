"""The demo, stage by stage. Each stage is one transaction and says how long it took."""

import os
import time
from collections.abc import Callable
from datetime import datetime

from django.apps import apps
from django.db import connection, transaction
from django.db.models import F

from apps.accounts.models import Account
from apps.availability.models import Warehouse
from apps.catalogue import models as catalogue
from apps.catalogue import services as catalogue_services
from apps.core import numbers
from apps.core.events import only_told
from apps.core.models import Event
from apps.demo import accounts, delivery, prices, stock
from apps.demo.agreements import save_agreements
from apps.demo.assortments import save_assortments
from apps.demo.bargains import save_bargains, save_costs
from apps.demo.care import save_care, save_places
from apps.demo.catalogue.documents import COLUMNS as DOCUMENT_COLUMNS
from apps.demo.catalogue.documents import document_rows, save_documents
from apps.demo.catalogue.parts import part_rows
from apps.demo.catalogue.products import (
    CODE_COLUMNS,
    COLUMNS,
    PACKAGING_COLUMNS,
    code_rows,
    packaging_rows,
    product_rows,
)
from apps.demo.catalogue.relations import COLUMNS as RELATION_COLUMNS
from apps.demo.catalogue.relations import relation_rows
from apps.demo.catalogue.shelf import Shelf
from apps.demo.catalogue.synonyms import save_synonyms
from apps.demo.catalogue.tree import Tree
from apps.demo.catalogue.views import COLUMNS as VIEW_COLUMNS
from apps.demo.catalogue.views import view_rows
from apps.demo.clock import Clock
from apps.demo.company import save_company
from apps.demo.conversations import save_conversations
from apps.demo.favours import save_favours
from apps.demo.history.money import settle_accounts
from apps.demo.history.telling import History
from apps.demo.house import LETTERHEAD, House
from apps.demo.inserts import save_inserts
from apps.demo.later import save_slips
from apps.demo.lists import save_lists
from apps.demo.load import copy_rows, laid_aside
from apps.demo.mails import save_mails
from apps.demo.needs import save_needs
from apps.demo.next_orders import save_next_orders
from apps.demo.offers import save_offers
from apps.demo.own import save_own
from apps.demo.parcels import save_parcels
from apps.demo.personal import save_personal
from apps.demo.picking import save_picking
from apps.demo.pictures import Gallery
from apps.demo.pictures.drawings import DRAWINGS
from apps.demo.programmes import save_programmes
from apps.demo.questions import save_questions
from apps.demo.recoveries import save_recoveries
from apps.demo.returns import save_returns
from apps.demo.sizes import Size
from apps.demo.suggested import save_suggested
from apps.demo.talk import save_talk
from apps.demo.till import save_till
from apps.demo.trade import Trade
from apps.feedback.services import read_all_comments
from apps.fulfilment.services import reckon_promises
from apps.fulfilment.services.facts import freeze_missing
from apps.insights import services as insights
from apps.invoicing.models import Issuer
from apps.recommendations import services as recommendations

SEEDED = ("core", "accounts", "catalogue", "availability", "pricing", "delivery", "ordering", "fulfilment", "invoicing",
          "cases", "feedback", "recommendations", "insights")  # fmt: skip

#: Where a product has to have a document, and how much that counts.
DOCUMENTED = {
    ("Lubricants & chemicals",): ("safety", 30),
    ("Cleaning & hygiene", "Cleaning agents"): ("safety", 30),
    ("Tools",): ("manual", 20),
    ("Safety",): ("certificate", 25),
    ("Electrical",): ("data_sheet", 15),
}


def is_empty() -> bool:
    """Whether nothing is in the way: neither anybody's data nor the beginnings of a demo."""
    return not (Account.objects.exists() or catalogue.Product.objects.exists() or Warehouse.objects.exists())


def clear() -> None:
    """Empty every table of the domains, and what refers to them; public numbers begin anew."""
    tables = [model._meta.db_table for label in SEEDED for model in apps.get_app_config(label).get_models()]
    names = ", ".join(connection.ops.quote_name(table) for table in tables)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        numbers.restart()


class Seeding:
    """Makes the demo of a size as of `now`, telling `say` what it does.

    A large one is told by `processes` at once; by default there is one for each core, two at most.
    """

    def __init__(self, size: Size, now: datetime, say: Callable[..., None], processes: int | None = None):
        self.size, self.clock, self.say = size, Clock(now), say
        self.processes = processes or min(os.cpu_count() or 1, 2)
        self.shelf = Shelf(size.skus)
        self.house = House(size.reps)
        self.parties = accounts.parties(size.accounts, self.house)

    def run(self) -> None:
        for title, stage in self.stages():
            started = time.monotonic()
            self.say(f"{title:<34}", ending="")
            with transaction.atomic():
                self._take_time()
                stage()
            self.say(f" {time.monotonic() - started:7.1f} s")

    def stages(self) -> list[tuple[str, Callable[[], None]]]:
        return [
            ("Warehouses, delivery, tax", self._calendar),
            (f"Products ({self.size.skus:,})", self._products),
            ("Codes, packaging, documents", self._around_products),
            (f"Accounts ({self.size.accounts:,}), people", self._people),
            ("Prices, contracts, assortments", self._prices),
            ("Stock, incoming, suppliers", self._stock),
            ("Statistics for the planner", self._analyze),  # prices and stock are asked for each account
            (f"History (about {self.size.orders:,} orders)", self._history),
            ("Rhythms, popularity, picks", self._habits),
            ("Completeness of product data", self._completeness),
            ("Counts of the categories", catalogue_services.count_products),
            ("Statistics once more", self._analyze),
        ]

    def _calendar(self) -> None:
        stock.save_warehouses(self.size)
        delivery.save_delivery(self.size, self.clock)
        prices.save_tax_rates()

    def _products(self) -> None:
        self.tree = Tree()
        self.tree.save()
        save_synonyms()
        with laid_aside(self.size.skus, catalogue.Product):
            copy_rows(catalogue.Product, COLUMNS, product_rows(self.shelf, self.tree, Gallery(DRAWINGS)))
        self.trade = Trade(self.shelf)

    def _around_products(self) -> None:
        skus = self.size.skus
        with laid_aside(skus * 3, catalogue.ProductCode):
            copy_rows(catalogue.ProductCode, CODE_COLUMNS, code_rows(self.shelf))
        with laid_aside(skus, catalogue.PackagingUnit):
            copy_rows(catalogue.PackagingUnit, PACKAGING_COLUMNS, packaging_rows(self.shelf))
        share = max(skus // 100_000, 1)
        with laid_aside(skus // share * 5, catalogue.ProductRelation):
            copy_rows(catalogue.ProductRelation, RELATION_COLUMNS, relation_rows(self.shelf, share))
            copy_rows(catalogue.ProductRelation, (*RELATION_COLUMNS, "quantity"), part_rows(self.shelf, share))
        copy_rows(catalogue.ProductPicture, VIEW_COLUMNS, view_rows(self.shelf, share))
        families = self.size.document_families
        save_documents(families, self.clock.today)
        with laid_aside(skus // share * 2, catalogue.ProductDocument):
            copy_rows(
                catalogue.ProductDocument,
                DOCUMENT_COLUMNS,
                document_rows(self.shelf, families, share, self.clock.today),
            )

    def _people(self) -> None:
        self.house.save(self.clock.now)
        accounts.save_accounts(self.parties, self.clock)
        accounts.save_contacts(self.parties, self.house, self.clock)
        accounts.save_ship_tos(self.parties)

    def _prices(self) -> None:
        prices.save_price_lists(self.size, self.shelf, self.trade, self.clock)
        prices.save_contracts(self.size, self.shelf, self.trade, self.parties, self.clock)
        prices.save_terms(self.size, self.parties)
        save_costs(self.shelf, self.clock.day(-400))
        save_assortments(self.size, self.tree, self.trade, self.parties, self.clock)

    def _stock(self) -> None:
        stock.save_stock(self.size, self.shelf, self.clock)
        delivery.mark_goods()

    def _history(self) -> None:
        Issuer.objects.create(**LETTERHEAD)
        save_programmes()
        History(self.size, self.trade, self.house, self.clock, self.processes).tell(self.parties, self.say)
        settle_accounts()
        save_till(self.clock)

    def _habits(self) -> None:
        recommendations.rebuild_regulars()
        recommendations.rebuild_popularity()
        recommendations.rebuild_segment_demand()
        recommendations.rebuild_range_gaps()
        save_bargains(self.parties, self.trade, self.clock)
        save_favours(self.parties, self.trade, self.clock)
        save_lists(self.parties, self.trade, self.clock)
        save_company(self.parties, self.clock)
        save_agreements(self.clock)
        save_talk(self.parties, self.trade, self.house, self.clock)
        save_questions(self.parties, self.clock)
        reckon_promises(now=self.clock.now)
        freeze_missing(since=self.clock.day(-120), now=self.clock.now)
        read_all_comments()
        insights.rebuild_scores()
        insights.slide_windows(now=self.clock.now)
        insights.keep_months(now=self.clock.now)
        insights.reckon_effects(now=self.clock.now)
        save_inserts(self.clock)
        save_parcels(self.parties, self.clock)
        save_needs(self.parties, self.trade, self.clock)
        save_slips(self.clock)
        save_returns(self.clock)
        save_recoveries(self.clock)
        save_offers(self.clock)
        save_picking(self.clock)
        insights.rebuild_journey()
        with only_told():
            save_conversations(self.clock)
            save_personal(self.parties, self.clock)
        save_mails(self.clock)
        save_next_orders(self.parties, self.trade, self.clock)
        save_own(self.parties, self.trade, self.clock)
        recommendations.look_for_all_shortages(now=self.clock.now)
        save_places()
        with only_told():
            save_care(self.parties, self.house, self.clock)
        save_suggested(self.parties, self.clock)

    def _completeness(self) -> None:
        tops = catalogue.Category.objects.in_bulk([self.tree.categories[path] for path in DOCUMENTED])
        insights.ensure_usual_rules(
            (tops[self.tree.categories[path]], kind, weight) for path, (kind, weight) in DOCUMENTED.items()
        )
        insights.reckon_completeness()
        # What was recorded a moment ago was told of when it happened.
        just_now = Event.objects.filter(recorded_at__gt=self.clock.now)
        just_now.update(recorded_at=F("occurred_at"), dispatched_at=F("occurred_at"))

    def _take_time(self) -> None:
        """A connection that is made for pages gives up on statements that take minutes; a stage may."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")

    def _analyze(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
