"""manage.py export_products FILE: the catalogue as csv, xlsx or BMEcat, in the form that import_products reads."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.core.errors import Refusal
from apps.integrations.catalogue_export.files import write_file
from apps.integrations.catalogue_export.products import Wanted
from apps.pricing.selectors import price_list_id


class Command(BaseCommand):
    help = "Write the products of a category, or all, to FILE; its ending says how: .csv, .xlsx or .xml (BMEcat 2005)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--category", default="", help="the slug of a category; all products without one")
        parser.add_argument("--price-list", help="the code of the list whose prices go along")

    def handle(self, *, file, category, price_list, **options):
        try:
            list_id = price_list_id(price_list) if price_list else None
            number = write_file(Wanted(category, list_id, timezone.localdate()), file)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"{number:,} products in {file.name}.")
