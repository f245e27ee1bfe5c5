"""Statements of the bank at operations' desk: taken in, looked through, confirmed line by line, taken back."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Account
from apps.core.admin import ReadOnlyAdmin
from apps.core.buttons import decision
from apps.core.desk import DeskAdmin
from apps.core.errors import Refusal
from apps.core.formatting import money
from apps.invoicing import services
from apps.invoicing.admin.cashier import demand_cashier
from apps.invoicing.forms import BookingForm, ReceiptForm, StatementForm
from apps.invoicing.models import BankFile, Payment, Receipt
from apps.invoicing.rules.matching import AMOUNT, REFERENCE, Proposal
from apps.invoicing.selectors.receipts import open_documents, proposals_for
from apps.ordering.selectors import order_for


@admin.register(BankFile)
class BankFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "taken_at", "taken_by_name", "new", "known", "outgoing", "unreadable"]
    fields = ["name", "kind", "taken_at", "taken_by_name", "new", "known", "outgoing", "could_not_be_read", "receipts"]
    readonly_fields = fields

    def has_add_permission(self, request):
        return request.user.has_perm("invoicing.add_bankfile")

    def add_view(self, request, form_url="", extra_context=None):
        """The page a statement is uploaded on."""
        demand_cashier(request)
        form = StatementForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                file = services.take_in_file(request.actor, name=upload.name, content=upload.read(), now=timezone.now())
                return redirect("admin:invoicing_bankfile_change", file.pk)
            except Refusal as refusal:
                form.add_error("file", refusal.detail)
        title = _("Take in a bank statement")
        return TemplateResponse(request, "admin/invoicing/upload.html", _context(self, request, title, form=form))

    @admin.display(description=gettext_lazy("unreadable"))
    def unreadable(self, file: BankFile) -> int:
        return len(file.problems)

    @admin.display(description=gettext_lazy("could not be read"))
    def could_not_be_read(self, file: BankFile):
        rows = ((_("Line %(number)s: %(reason)s") % {"number": line, "reason": why},) for line, why in file.problems)
        return format_html_join("", "<div>{}</div>", rows) or "–"

    @admin.display(description=gettext_lazy("money received"))
    def receipts(self, file: BankFile):
        url = reverse("admin:invoicing_receipt_changelist", query={"file__id__exact": file.pk})
        return format_html('<a href="{}">{}</a>', url, _("Look through it"))


@admin.register(Receipt)
class ReceiptAdmin(DeskAdmin):
    list_display = ["bank_reference", "received_on", "money", "payer_name", "text", "state", "match", "account", "left"]
    list_filter = ["state", "match", "received_on", "file"]
    list_select_related = ["account", "file"]
    search_fields = ["bank_reference", "payer_name", "text", "account__name", "=account__number"]
    search_help_text = gettext_lazy("Bank reference, payer, text, or the account's name or number")
    actions = ["confirm"]

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def money(self, receipt: Receipt) -> str:
        return money(receipt.amount, receipt.currency)

    @admin.display(description=gettext_lazy("not applied yet"), ordering="unapplied")
    def left(self, receipt: Receipt) -> str:
        return money(receipt.unapplied, receipt.currency) if receipt.unapplied else "–"

    @admin.action(description=gettext_lazy("Confirm as proposed, where reference or amount fit"), permissions=["view"])
    def confirm(self, request, queryset):
        waiting = list(queryset.filter(state=Receipt.State.WAITING))
        proposals = proposals_for(waiting)
        fitting = [each for each in waiting if proposals[each.pk].match in (REFERENCE, AMOUNT)]

        def deed(receipt):
            """What an earlier one has paid is not open any more: each is looked at anew."""
            book_as_proposed(request, receipt, proposals_for([receipt])[receipt.pk])

        self.do_each(request, fitting, deed, _("Booked %(count)s: %(rows)s."))
        if len(fitting) < len(queryset):
            self.message_user(request, _("The others are left for a look at each."), messages.WARNING)

    def has_add_permission(self, request):
        return request.user.has_perm("invoicing.add_receipt")

    def add_view(self, request, form_url="", extra_context=None):
        """Money that came another way than by the bank's statement."""
        demand_cashier(request)
        form = ReceiptForm(request.POST or None)
        if form.is_valid():
            try:
                receipt = services.enter_receipt(request.actor, **form.cleaned_data, now=timezone.now())
                return redirect("admin:invoicing_receipt_change", receipt.pk)
            except Refusal as refusal:
                form.add_error(None, refusal.detail)
        title = _("Enter money received")
        return TemplateResponse(request, "admin/invoicing/upload.html", _context(self, request, title, form=form))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page on which somebody confirms what the money pays."""
        demand_cashier(request)
        receipt = get_object_or_404(Receipt.objects.select_related("account", "order", "file"), pk=object_id)
        proposal = proposals_for([receipt])[receipt.pk]
        account = _account(request, receipt, proposal)
        documents = open_documents(account, receipt.currency) if account else []
        form = BookingForm(request.POST or None, receipt=receipt, documents=documents, proposal=proposal)
        if "decision" in request.POST and form.is_valid() and self._decided(request, receipt, account, proposal, form):
            return redirect("admin:invoicing_receipt_change", receipt.pk)
        payments = Payment.objects.filter(receipt=receipt).select_related("invoice__account").order_by("pk")
        context = _context(
            *(self, request, _("Money received: %(reference)s") % {"reference": receipt.bank_reference}),
            receipt=receipt,
            proposal=proposal,
            account=account,
            form=form,
            payments=payments,
            can_book=receipt.state == Receipt.State.WAITING or (receipt.unapplied and not _is_held(receipt)),
        )
        return TemplateResponse(request, "admin/invoicing/receipt.html", context)

    def _decided(self, request, receipt: Receipt, account: Account | None, proposal: Proposal, form) -> bool:
        now, said = timezone.now(), form.cleaned_data
        try:
            match decision(request, "book", "hold", "set_aside", "undo"):
                case "book":
                    account_id = account.pk if account else 0
                    services.book_receipt(request.actor, receipt, account_id=account_id, parts=form.parts, now=now)
                case "hold":
                    order = order_for(request.actor, proposal.order)
                    services.hold_for_order(request.actor, receipt, order, now=now)
                case "set_aside":
                    services.set_aside(request.actor, receipt, note=said["note"], now=now)
                case "undo":
                    services.undo_receipt(request.actor, receipt, now=now)
        except Refusal as refusal:
            form.add_error(None, refusal.detail)
            return False
        self.message_user(request, _("Done: %(row)s.") % {"row": receipt.bank_reference}, messages.SUCCESS)
        return True


def book_as_proposed(request, receipt: Receipt, proposal: Proposal) -> None:
    """Book a receipt the way it was proposed."""
    now = timezone.now()
    if proposal.order:
        services.hold_for_order(request.actor, receipt, order_for(request.actor, proposal.order), now=now)
    else:
        account_id, parts = proposal.account_id or 0, proposal.parts
        services.book_receipt(request.actor, receipt, account_id=account_id, parts=parts, now=now)


def _account(request, receipt: Receipt, proposal: Proposal) -> Account | None:
    """The account typed on the page, else the receipt's, else the proposal's."""
    if number := request.POST.get("account", request.GET.get("account", "")).strip():
        return Account.objects.filter(number__iexact=number).first()
    return receipt.account or Account.objects.filter(pk=proposal.account_id).first()


def _is_held(receipt: Receipt) -> bool:
    return receipt.order is not None and receipt.order.status not in ("cancelled", "declined")


def _context(model_admin, request, title: str, **more) -> dict:
    opts = model_admin.model._meta
    site = model_admin.admin_site.each_context(request)
    back = reverse(f"admin:invoicing_{opts.model_name}_changelist")
    return {**site, "title": title, "opts": opts, "media": model_admin.media, "back_url": back, **more}
