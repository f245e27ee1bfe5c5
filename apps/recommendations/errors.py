from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid, NotFound, Refusal


class PickNotFound(NotFound):
    code = "pick_not_found"
    title = _("That product is not among the picks of this account")


class BlockNotFound(NotFound):
    code = "block_not_found"
    title = _("That product is not blocked for this account")


class DismissalRefused(Invalid):
    code = "dismissal_refused"
    title = _("Say for how long it is not to be suggested: not now, never, or because it is bought elsewhere")


class DismissalNotFound(NotFound):
    code = "dismissal_not_found"
    title = _("That product is not dismissed")


class WatchRefused(Invalid):
    code = "watch_refused"
    title = _("There is nothing to watch here")


class WatchNotFound(NotFound):
    code = "watch_not_found"
    title = _("There is no such watch among yours")


class TooManyWatches(Refusal):
    code = "too_many_watches"
    title = _("You watch very many products already: stop one on the account page first")
    status = 429


class ColleagueUnknown(NotFound):
    code = "colleague_unknown"
    title = _("Choose a colleague of your own account")


class ShareRefused(Invalid):
    code = "share_refused"
    title = _("Something in this needs correcting")


class TooMuchShared(Refusal):
    code = "too_much_shared"
    title = _("That is enough for one day: share more tomorrow, or send the address of the page yourself")
    status = 429


class LetterNotFound(NotFound):
    code = "letter_not_found"
    title = _("There is no such letter of yours")


class LetterUsed(Refusal):
    code = "letter_used"
    title = _("What this letter is about is in your cart already")
    status = 409
