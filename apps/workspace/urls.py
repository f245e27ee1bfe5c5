"""The workspace's pages and their addresses."""

from django.urls import path

from apps.workspace import (
    account,
    accounts,
    acting,
    blankets,
    cases,
    comments,
    feedback,
    follow_ups,
    inserts,
    manager,
    orders,
    picking,
    price_lists,
    price_matches,
    questions,
    quotes,
    slips,
    today,
)

app_name = "workspace"
urlpatterns = [
    path("", today.today, name="today"),
    path("to-do/<int:follow_up_id>/", follow_ups.settle, name="settle_follow_up"),
    # accounts
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<str:number>/", account.account, name="account"),
    path("accounts/<str:number>/promises/", account.promises, name="promises"),
    path("accounts/<str:number>/welcome/", account.welcome, name="welcome"),
    path("accounts/<str:number>/picks/", account.pick, name="pick"),
    path("accounts/<str:number>/picks/remove/", account.unpick, name="unpick"),
    path("accounts/<str:number>/price-lists/", price_lists.price_lists, name="price_lists"),
    path("price-lists/<int:paper_id>/", price_lists.price_file, name="price_file"),
    path("price-lists/<int:schedule_id>/stop/", price_lists.stop_price_list, name="stop_price_list"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/release/", orders.release, name="release"),
    path("picking/", picking.waves, name="picking"),
    path("picking/<int:wave_id>/", picking.wave, name="wave"),
    path("picking/<int:wave_id>/pick-list/", picking.pick_list, name="pick_list"),
    path("picking/<int:wave_id>/<str:number>/", picking.shipment, name="pick_shipment"),
    path("deliveries/<str:number>/", orders.shipment, name="shipment"),
    # in a contact's place
    path("act-for/<int:contact_id>/", acting.start, name="start_acting"),
    path("act-for/stop/", acting.stop, name="stop_acting"),
    # service
    path("lines-at-risk/", slips.slips, name="slips"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<str:number>/", cases.case, name="case"),
    path("cases/<str:number>/file/", cases.sourcing_file, name="sourcing_file"),
    path("cases/<str:number>/acknowledge/", cases.acknowledge, name="acknowledge_case"),
    path("cases/<str:number>/answer/", cases.answer, name="answer_case"),
    path("cases/<str:number>/note/", cases.note, name="note_case"),
    path("cases/<str:number>/resolve/", cases.resolve, name="resolve_case"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<int:question_id>/", questions.question, name="question"),
    # prices
    path("price-matches/", price_matches.price_matches, name="price_matches"),
    path("price-matches/<int:match_id>/", price_matches.price_match, name="price_match"),
    path("price-matches/<int:match_id>/file/", price_matches.price_match_file, name="price_match_file"),
    path("quotes/", quotes.quotes, name="quotes"),
    path("quotes/<str:number>/", quotes.quote, name="quote"),
    path("quotes/<str:number>/withdraw/", quotes.withdraw, name="withdraw_quote"),
    path("quotes/<str:number>/files/", quotes.attach, name="attach_to_quote"),
    path("quotes/<str:number>/files/<int:file_id>/", quotes.quote_file, name="quote_file"),
    path("quotes/<str:number>/blanket-order/", blankets.agree, name="agree_blanket"),
    path("blanket-orders/", blankets.blankets, name="blankets"),
    path("blanket-orders/<str:number>/", blankets.blanket, name="blanket"),
    # what customers say, how the house does
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/comments/", comments.comments, name="comments"),
    path("manager/", manager.manager, name="manager"),
    path("manager/in-the-box/", inserts.inserts, name="inserts"),
]
