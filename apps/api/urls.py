"""The addresses of the API, version 1."""

from django.urls import path

from apps.api import (
    account,
    availability,
    cases,
    feeds,
    invoices,
    lists,
    orders,
    prices,
    products,
    quick_order,
    schema,
    shipments,
    surveys,
)

app_name = "api"
urlpatterns = [
    path("schema", schema.Schema.as_view(), name="schema"),
    path("docs", schema.docs, name="docs"),
    path("me", account.WhoAmI.as_view(), name="me"),
    path("ship-tos", account.ShipTos.as_view(), name="ship_tos"),
    path("products", products.Products.as_view(), name="products"),
    path("products/<path:sku>", products.Product.as_view(), name="product"),
    path("prices", prices.Prices.as_view(), name="prices"),
    path("availability", availability.Availability.as_view(), name="availability"),
    path("resolve", quick_order.Resolve.as_view(), name="resolve"),
    path("lists", lists.Lists.as_view(), name="lists"),
    path("lists/<int:list_id>", lists.List.as_view(), name="list"),
    path("delivery-options", availability.DeliveryOptions.as_view(), name="delivery_options"),
    path("orders", orders.Orders.as_view(), name="orders"),
    path("orders/<str:number>", orders.Order.as_view(), name="order"),
    path("shipments", shipments.Shipments.as_view(), name="shipments"),
    path("shipments/<str:number>", shipments.Shipment.as_view(), name="shipment"),
    path("shipments/<str:number>/delivery", shipments.Delivery.as_view(), name="delivery"),
    path("shipments/<str:number>/tracking", shipments.Tracking.as_view(), name="tracking"),
    path("stock-feed", feeds.StockFeed.as_view(), name="stock_feed"),
    path("price-feed", feeds.PriceFeed.as_view(), name="price_feed"),
    path("surveys", surveys.Surveys.as_view(), name="surveys"),
    path("surveys/<str:number>/answer", surveys.Answer.as_view(), name="answer"),
    path("invoices", invoices.Invoices.as_view(), name="invoices"),
    path("invoices/<str:number>", invoices.Invoice.as_view(), name="invoice"),
    path("invoices/<str:number>/pdf", invoices.InvoicePdf.as_view(), name="invoice_pdf"),
    path("invoices/<str:number>/e-invoice", invoices.EInvoice.as_view(), name="e_invoice"),
    path("cases", cases.Cases.as_view(), name="cases"),
    path("cases/<str:number>", cases.Case.as_view(), name="case"),
]
