from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid, NotFound


class ProductNotFound(NotFound):
    code = "product_not_found"
    title = _("There is no such product in your catalogue")


class DocumentNotFound(NotFound):
    code = "document_not_found"
    title = _("There is no such document in your catalogue")


class CategoryNotFound(NotFound):
    code = "category_not_found"
    title = _("There is no such category")


class MoveRefused(Invalid):
    code = "category_move_refused"
    title = _("The category cannot stand there")


class QuantityRefused(Invalid):
    code = "quantity_refused"
    title = _("That quantity cannot be ordered")


class PartNumberRefused(Invalid):
    code = "part_number_refused"
    title = _("That part number cannot be used")


class LoadRefused(Invalid):
    code = "load_refused"
    title = _("These rows cannot be loaded")
