"""The portal's pages and their addresses."""

from django.urls import path

from apps.portal import (
    account,
    approvals,
    cart,
    cases,
    catalogue,
    checkout,
    compare,
    home,
    invoices,
    mailbox,
    orders,
    product,
    quotes,
    resume,
    sourcing,
    styleguide,
    surveys,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("suggestions/dismiss/", home.dismiss, name="dismiss"),
    path("resume/", resume.resume, name="resume"),
    # finding
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("suggest/", catalogue.suggest, name="suggest"),
    path("suggest/forget/", catalogue.forget, name="forget_searches"),
    path("compare/", compare.compare, name="compare"),
    path("catalogue/<slug:slug>/", catalogue.catalogue, name="category"),
    path("p/<path:sku>/", product.product, name="product"),
    path("offer/<path:sku>/", product.offer, name="offer"),
    path("part-number/<path:sku>/", product.part_number, name="part_number"),
    # ordering
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.add, name="cart_add"),
    path("cart/update/", cart.update, name="cart_update"),
    path("cart/remove/<int:line_id>/", cart.remove, name="cart_remove"),
    path("cart/empty/", cart.empty, name="cart_empty"),
    path("cart/quote/", cart.request_quote, name="request_quote"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/done/<str:number>/", checkout.confirmation, name="confirmation"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/again/", orders.reorder, name="reorder"),
    path("orders/<str:number>/cancel/", orders.cancel, name="cancel_order"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<str:number>/", approvals.decide, name="decide"),
    path("quotes/", quotes.quotes, name="quotes"),
    path("quotes/<str:number>/", quotes.quote, name="quote"),
    path("quotes/<str:number>/accept/", quotes.accept, name="accept_quote"),
    path("quotes/<str:number>/decline/", quotes.decline, name="decline_quote"),
    # afterwards
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/<str:number>.pdf", invoices.pdf, name="invoice_pdf"),
    path("invoices/<str:number>/", invoices.invoice, name="invoice"),
    path("service/", cases.cases, name="cases"),
    path("service/new/", cases.new_case, name="new_case"),
    path("service/find/", sourcing.source, name="source"),
    path("service/<str:number>/file/", sourcing.sourcing_file, name="sourcing_file"),
    path("service/<str:number>/", cases.case, name="case"),
    # the question after a delivery
    path("s/<str:token>/", surveys.by_link, name="survey_link"),
    path("s/<str:token>/stop/", surveys.stop, name="survey_stop"),
    path("feedback/<str:number>/", surveys.in_portal, name="survey"),
    # the account
    path("account/", account.account, name="account"),
    path("account/addresses/new/", account.new_ship_to, name="new_ship_to"),
    path("account/addresses/<int:ship_to_id>/", account.ship_to, name="ship_to"),
    path("account/addresses/<int:ship_to_id>/retire/", account.retire_ship_to, name="retire_ship_to"),
    path("account/switch/<str:number>/", account.switch_account, name="switch_account"),
    # development
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("dev/mailbox/", mailbox.inbox, name="mailbox"),
    path("dev/mailbox/<str:message_id>/", mailbox.mail, name="mail"),
    path("dev/mailbox/<str:message_id>/html/", mailbox.html, name="mail_html"),
]
