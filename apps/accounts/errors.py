from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound


class AccountNotFound(NotFound):
    code = "account_not_found"
    title = _("There is no such account among yours")


class ContactNotFound(NotFound):
    code = "contact_not_found"
    title = _("There is no such contact among yours")


class PermissionMissing(NotAllowed):
    code = "permission_missing"
    title = _("Your role does not cover this")


class ShipToUnknown(NotFound):
    code = "ship_to_unknown"
    title = _("That delivery address is not one of this account's")


class AddressRefused(Invalid):
    code = "address_refused"
    title = _("Something in this address needs correcting")


class KeyRefused(Invalid):
    code = "key_refused"
    title = _("That key cannot be issued")


class LogInRefused(Conflict):
    code = "log_in_refused"
    title = _("That log-in cannot be opened")


class PersonRefused(Invalid):
    code = "person_refused"
    title = _("Something about this person needs correcting")


class LastAdministrator(Conflict):
    code = "last_administrator"
    title = _("This is the last administrator: make somebody else one first")


class InvitationOver(NotFound):
    code = "invitation_over"
    title = _("This invitation has been used, replaced, or has expired: ask for a new one")


class BrandingRefused(Invalid):
    code = "branding_refused"
    title = _("This branding cannot be shown like that")


class ChoiceRefused(Invalid):
    code = "choice_refused"
    title = _("That cannot be chosen")


class NoticeNotFound(NotFound):
    code = "notice_not_found"
    title = _("There is no such piece of news for you any more")


class ViewNotFound(NotFound):
    code = "view_not_found"
    title = _("There is no such saved view among yours")


class ViewRefused(Invalid):
    code = "view_refused"
    title = _("That view cannot be kept")


class ConsentRefused(Invalid):
    code = "consent_refused"
    title = _("That cannot be noted")
