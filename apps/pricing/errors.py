from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid, NotFound


class AmountRefused(Invalid):
    code = "amount_refused"
    title = _("An amount of credit cannot be below zero")


class PriceRefused(Invalid):
    code = "price_refused"
    title = _("That price cannot be kept")


class CouponRefused(Invalid):
    code = "coupon_refused"
    title = _("That code cannot be used")


class MatchRefused(Invalid):
    code = "price_match_refused"
    title = _("That cannot be asked or granted")


class MatchDecided(Conflict):
    code = "price_match_decided"
    title = _("Somebody has answered this already")


class MatchNotFound(NotFound):
    code = "price_match_not_found"
    title = _("There is no such request")


class PaperRefused(Invalid):
    code = "price_list_refused"
    title = _("That price list cannot be made")


class PaperNotFound(NotFound):
    code = "price_file_not_found"
    title = _("There is no such price list on file")


class PriceListNotFound(NotFound):
    code = "price_list_not_found"
    title = _("There is no such price list")


class ProposalRefused(Invalid):
    code = "price_proposal_refused"
    title = _("That price cannot be proposed or agreed")


class ProposalDecided(Conflict):
    code = "price_proposal_decided"
    title = _("That proposal has been decided already")


class ProposalNotFound(NotFound):
    code = "price_proposal_not_found"
    title = _("There is no such proposal among those of your accounts")
