"""Every address of the house, asked by everybody.

A row of the table is an address, a column a persona; a cell what they get: `200` or another status, `login` where they
are sent to log in. What stands behind an address belongs to Brightwater; Lena buys for its subsidiary, Xaver and Ruben
are strangers to it. An address without a row fails, and so does a row without an address. Where a page changes
something, it is asked by POST, with nothing in it: only the refusals matter there.
"""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.everything import belongings
from tests.world import build

PERSONAS = ("nobody", "anna", "boris", "fiona", "rick", "lena", "xaver", "rhea", "ruben", "sam", "mona", "otto")
#: Django's own, what only exists outside production, and what would end everybody's session.
LEFT_OUT = (
    "admin:",
    "portal:styleguide",
    "portal:mail",
    "portal:mailbox",
    "portal:mail_html",
    "media",
    "logout",
)

#: Whose number an address takes.
NUMBERED = {
    name: noun
    for noun, names in {
        "order": """portal:confirmation portal:order_together portal:order portal:reorder portal:cancel_order
            portal:decide workspace:release
            portal:change_order portal:shipping portal:later portal:choose_later
            workspace:order api:order api:choice portal:ask_return api:returnable""",
        "return": """portal:return portal:return_label portal:return_picture portal:withdraw_return portal:return_sent
            portal:return_again workspace:return workspace:decide_return workspace:receive_return workspace:end_return
            workspace:credit_return api:return""",
        "quote": """portal:quote portal:accept_quote portal:decline_quote portal:counter_quote portal:attach_to_quote
            portal:quote_file workspace:quote workspace:withdraw_quote workspace:attach_to_quote workspace:quote_file
            workspace:agree_blanket api:quote""",
        "blanket": "portal:blanket portal:call_off portal:call_off_to_cart workspace:blanket api:blanket api:call_off",
        "invoice": "portal:invoice_pdf portal:invoice portal:e_invoice api:invoice api:invoice_pdf api:e_invoice",
        "case": """portal:case portal:case_file portal:rate_case
            workspace:case portal:sourcing_file workspace:sourcing_file
            workspace:acknowledge_case workspace:answer_case workspace:note_case workspace:assign_case
            workspace:merge_case
            workspace:resolve_case api:case api:case_messages api:case_file""",
        "conversation": """portal:conversation portal:conversation_lines portal:close_conversation
            workspace:conversation workspace:conversation_lines workspace:hand_over_conversation
            workspace:close_conversation workspace:case_of_conversation api:conversation api:conversation_lines""",
        "shipment": """workspace:pick_shipment portal:survey portal:give workspace:shipment api:shipment api:delivery
            api:correct_delivery api:void_delivery api:tracking api:answer""",
        "account": """portal:company portal:company_rules portal:invite portal:new_cost_centre portal:new_policy
            portal:switch_account workspace:account workspace:price_lists workspace:promises workspace:look
            workspace:add_task workspace:care workspace:brief workspace:log_talk workspace:write_note
            workspace:account_prices workspace:welcome workspace:branding workspace:pick
            workspace:unpick workspace:block workspace:unblock""",
    }.items()
    for name in names.split()
}

TABLE = """
#      address                     nobody   anna  boris  fiona   rick   lena  xaver   rhea  ruben    sam   mona   otto
GET  healthz                         200    200    200    200    200    200    200    200    200    200    200    200
POST choose_language                 302    302    302    302    302    302    302    302    302    302    302    302
GET  api:schema                      200    200    200    200    200    200    200    200    200    200    200    200
GET  api:docs                        200    200    200    200    200    200    200    200    200    200    200    200
GET  api:me                          401    200    200    200    200    200    200    200    200    200    200    200
GET  api:ship_tos                    401    200    200    200    200    200    200    200    200    200    200    200
GET  api:ship_to                     401    200    200    200    200    404    404    404    404    404    404    404
PATCH api:ship_to                    401    200    200    403    403    404    404    404    404    403    404    404
GET  api:products                    401    200    200    200    200    200    200    200    200    200    200    200
GET  api:product                     401    200    200    200    200    200    200    200    200    200    200    200
POST api:prices                      401    400    400    400    403    400    400    400    400    400    400    400
POST api:availability                401    400    400    400    400    400    400    400    400    400    400    400
POST api:delivery_options            401    400    400    400    403    400    400    400    400    400    400    400
POST api:stock_feed                  401    403    403    403    403    403    403    403    403    403    403    403
POST api:price_feed                  401    403    403    403    403    403    403    403    403    403    403    403
GET  api:orders                      401    200    200    200    200    200    200    200    200    200    200    200
POST api:orders                      401    422    422    403    403    422    422    403    403    403    403    403
GET  api:order                       401    200    200    200    200    404    404    200    404    200    200    200
GET  api:quotes                      401    200    200    200    403    200    200    200    200    200    200    200
GET  api:quote                       401    200    200    200    403    404    404    200    404    200    200    200
GET  api:blankets                    401    200    200    200    403    200    200    200    200    200    200    200
GET  api:blanket                     401    200    200    200    403    404    404    200    404    200    200    200
POST api:call_off                    401    422    422    403    403    404    404    403    403    403    403    403
GET  api:shipments                   401    200    200    200    200    200    200    200    200    200    200    200
GET  api:shipment                    401    200    200    200    200    404    404    200    404    200    200    200
POST api:delivery                    401    403    403    403    400    403    403    403    403    403    403    400
POST api:correct_delivery            401    403    403    403    400    403    403    403    403    403    403    400
POST api:void_delivery               401    403    403    403    400    403    403    403    403    403    403    400
POST api:tracking                    401    403    403    403    400    403    403    403    403    403    403    400
GET  api:surveys                     401    200    200    200    200    200    200    200    200    200    200    200
POST api:answer                      401    400    400    400    400    400    400    400    400    400    400    400
POST api:question_answer             401    400    400    400    400    400    400    400    400    400    400    400
GET  api:invoices                    401    200    200    200    403    200    200    200    200    200    200    200
GET  api:invoice                     401    200    200    200    403    404    404    200    404    200    200    200
GET  api:e_invoice                   401    409    409    409    403    404    404    409    404    409    409    409
GET  api:invoice_pdf                 401    200    200    200    403    404    404    200    404    200    200    200
GET  portal:conversations           login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:ask                     login    302    200    200    200    200    200    302    302    302    302    302
POST portal:ask                     login    422    422    422    422    422    422    302    302    302    302    302
GET  portal:conversation            login    200    404    404    404    404    404    302    302    302    302    302
POST portal:conversation            login    422    404    404    404    404    404    302    302    302    302    302
GET  portal:conversation_lines      login    200    404    404    404    404    404    302    302    302    302    302
POST portal:close_conversation      login    302    404    404    404    404    404    302    302    302    302    302
GET  portal:articles                login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:article                 login    200    200    200    200    200    200    302    302    302    302    302
POST portal:judge_article           login    422    422    422    422    422    422    302    302    302    302    302
GET  workspace:conversations        login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:conversation         login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:conversation         login    403    403    403    403    403    403    422    404    422    422    422
GET  workspace:conversation_lines   login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:hand_over_conversation login  403    403    403    403    403    403    422    404    422    422    422
POST workspace:close_conversation   login    403    403    403    403    403    403    302    404    302    302    302
POST workspace:case_of_conversation login    403    403    403    403    403    403    302    404    302    302    302
GET  api:cases                       401    200    200    200    200    200    200    200    200    200    200    200
GET  api:case                        401    200    200    200    200    404    404    200    404    200    200    200
POST api:cases                       401    422    422    422    422    422    422    403    403    403    403    403
POST api:case_messages               401    422    422    422    422    404    404    403    403    403    403    403
GET  api:case_file                   401    200    200    200    200    404    404    200    404    200    200    200
GET  api:conversations               401    200    200    200    200    200    200    200    200    200    200    200
POST api:conversations               401    422    422    422    422    422    422    422    422    422    422    422
GET  api:conversation                401    200    404    404    404    404    404    200    404    200    200    200
POST api:conversation_lines          401    422    404    404    404    404    404    422    404    422    422    422
GET  workspace:portfolio            login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:portfolio_file       login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:targets              login    403    403    403    403    403    403    200    200    200    200    200
POST workspace:choose_target        login    403    403    403    403    403    403    403    403    403    422    422
GET  workspace:cover                login    403    403    403    403    403    403    200    200    200    200    200
POST workspace:choose_cover         login    403    403    403    403    403    403    403    403    403    422    422
GET  workspace:visits               login    403    403    403    403    403    403    200    200    200    200    200
POST workspace:save_visits          login    403    403    403    403    403    403    422    422    422    422    422
GET  workspace:visit_plan           login    403    403    403    403    403    403    200    404    200    200    200
GET  workspace:hand_overs           login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:new_hand_over        login    403    403    403    403    403    403    200    200    403    200    200
POST workspace:new_hand_over        login    403    403    403    403    403    403    422    422    403    422    422
GET  workspace:hand_over            login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:read_hand_over       login    403    403    403    403    403    403    302    404    302    302    302
POST workspace:call_off_hand_over   login    403    403    403    403    403    403    302    404    403    409    409
GET  workspace:care                 login    403    403    403    403    403    403    200    404    200    200    200
GET  workspace:brief                login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:log_talk             login    403    403    403    403    403    403    422    404    422    422    422
POST workspace:write_note           login    403    403    403    403    403    403    422    404    422    422    422
GET  workspace:account_prices       login    403    403    403    403    403    403    200    404    403    200    403
POST workspace:account_prices       login    403    403    403    403    403    403    422    404    403    422    403
GET  workspace:price_proposals      login    403    403    403    403    403    403    200    200    200    200    200
POST workspace:decide_proposal      login    403    403    403    403    403    403    422    404    422    422    422
POST workspace:save_view            login    403    403    403    403    403    403    422    422    422    422    422
POST workspace:delete_view          login    403    403    403    403    403    403    404    404    404    404    404
POST workspace:tick_mention         login    403    403    403    403    403    403    302    302    302    302    302
POST workspace:start_looking        login    403    403    403    403    403    403    302    404    302    302    403
POST workspace:stop_looking         login    403    403    403    403    403    403    302    302    302    302    302
GET  workspace:today               login    403    403    403    403    403    403    200    200    200    200    200
POST workspace:settle_follow_up    login    403    403    403    403    403    403    422    404    422    422    422
GET  workspace:accounts            login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:account             login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:welcome             login    403    403    403    403    403    403    302    404    403    302    403
POST workspace:branding            login    403    403    403    403    403    403    302    404    403    302    403
POST workspace:pick                login    403    403    403    403    403    403    302    404    403    302    403
POST workspace:unpick              login    403    403    403    403    403    403    404    404    403    404    403
POST workspace:block               login    403    403    403    403    403    403    302    404    403    302    403
POST workspace:unblock             login    403    403    403    403    403    403    404    404    403    404    403
POST workspace:release             login    403    403    403    403    403    403    422    404    403    422    422
POST workspace:start_acting        login    403    403    403    403    403    403    302    404    302    302    403
POST workspace:stop_acting         login    403    403    403    403    403    403    302    302    302    302    302
GET  workspace:cases               login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:case                login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:acknowledge_case    login    403    403    403    403    403    403    302    404    302    302    302
POST workspace:answer_case         login    403    403    403    403    403    403    422    404    422    422    422
POST workspace:note_case           login    403    403    403    403    403    403    422    404    422    422    422
POST workspace:assign_case         login    403    403    403    403    403    403    422    404    422    422    422
POST workspace:merge_case          login    403    403    403    403    403    403    404    404    404    404    404
POST portal:rate_case              login    409    409    409    409    404    404    302    302    302    302    302
GET  portal:case_file              login    200    200    200    200    404    404    200    404    200    200    200
GET  workspace:mails               login    403    403    403    403    403    403    403    403    200    200    200
POST workspace:place_mail          login    403    403    403    403    403    403    403    403    422    422    422
POST workspace:discard_mail        login    403    403    403    403    403    403    403    403    302    404    404
GET  workspace:mail_file           login    403    403    403    403    403    403    403    403    404    404    404
GET  workspace:service             login    403    403    403    403    403    403    200    200    200    200    200
POST workspace:resolve_case        login    403    403    403    403    403    403    422    404    422    422    422
GET  workspace:improvements        login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:new_improvement     login    403    403    403    403    403    403    403    403    200    200    200
POST workspace:new_improvement     login    403    403    403    403    403    403    403    403    422    422    422
GET  workspace:improvement         login    403    403    403    403    403    403    403    403    200    200    200
POST workspace:improvement         login    403    403    403    403    403    403    403    403    422    422    422
GET  workspace:questions           login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:question            login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:question            login    403    403    403    403    403    403    200    404    200    200    200
GET  workspace:price_matches       login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:price_match         login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:price_match         login    403    403    403    403    403    403    200    404    200    200    200
GET  workspace:price_match_file    login    403    403    403    403    403    403    200    404    200    200    200
GET  workspace:quotes              login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:quote               login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:quote               login    403    403    403    403    403    403    422    404    422    422    422
POST workspace:withdraw_quote      login    403    403    403    403    403    403    302    404    403    409    403
POST workspace:attach_to_quote     login    403    403    403    403    403    403    422    404    403    422    403
GET  workspace:quote_file          login    403    403    403    403    403    403    200    404    200    200    200
GET  workspace:agree_blanket       login    403    403    403    403    403    403    200    404    403    200    403
POST workspace:agree_blanket       login    403    403    403    403    403    403    422    404    403    422    403
GET  workspace:blankets            login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:blanket             login    403    403    403    403    403    403    200    404    200    200    200
GET  workspace:front_line          login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:feedback            login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:comments            login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:digests             login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:silence             login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:scores              login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:scores_file         login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:scores_answers      login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:journey             login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:journey_rows        login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:journey_file        login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:failed_deliveries   login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:deliveries_file    login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:revenue_at_risk     login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:offers              login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:offer               login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:offer               login    403    403    403    403    403    403    422    404    422    422    422
GET  workspace:needs               login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:export_needs        login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:need                login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:need                login    403    403    403    403    403    403    422    404    422    422    422
POST workspace:merge_need          login    403    403    403    403    403    403    403    403    403    404    404
GET  workspace:manager             login    403    403    403    403    403    403    403    403    403    200    200
GET  workspace:summary             login    403    403    403    403    403    403    403    403    403    200    200
GET  workspace:suggestions         login    403    403    403    403    403    403    403    403    403    200    200
GET  workspace:suggestions_file    login    403    403    403    403    403    403    403    403    403    200    200
GET  workspace:inserts             login    403    403    403    403    403    403    403    403    403    200    200
GET  login                           200    200    200    200    200    200    200    200    200    200    200    200
GET  password_change               login    200    200    200    200    200    200    200    200    200    200    200
POST password_change               login    200    200    200    200    200    200    200    200    200    200    200
GET  password_change_done          login    200    200    200    200    200    200    200    200    200    200    200
GET  password_reset                  200    200    200    200    200    200    200    200    200    200    200    200
POST password_reset                  200    200    200    200    200    200    200    200    200    200    200    200
GET  password_reset_done             200    200    200    200    200    200    200    200    200    200    200    200
GET  password_reset_confirm          200    200    200    200    200    200    200    200    200    200    200    200
POST password_reset_confirm          200    200    200    200    200    200    200    200    200    200    200    200
GET  password_reset_complete         200    200    200    200    200    200    200    200    200    200    200    200
GET  portal:home                   login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:arrange_home           login    200    200    200    200    200    200    302    302    302    302    302
POST portal:arrange_home           login    422    422    422    422    422    422    302    302    302    302    302
POST portal:put_away               login    404    404    404    404    404    404    302    302    302    302    302
GET  portal:call_back              login    200    200    200    200    200    200    302    302    302    302    302
POST portal:call_back              login    422    422    422    422    422    422    302    302    302    302    302
GET  portal:branding               login    404    404    404    404    404    404    302    302    302    302    302
POST portal:dismiss                login    404    404    403    403    404    404    302    302    302    302    302
GET  portal:next_order             login    200    200    403    403    200    200    302    302    302    302    302
POST portal:next_order             login    302    302    403    403    302    302    302    302    302    302    302
GET  portal:next_order_letter      login    200    404    403    403    404    404    302    302    302    302    302
POST portal:next_order_letter      login    302    404    403    403    404    404    302    302    302    302    302
POST portal:seen                     204    204    204    204    204    204    204    204    204    204    204    204
POST portal:take_back              login    404    404    403    403    404    404    302    302    302    302    302
GET  portal:resume                 login    302    302    302    302    302    302    302    302    302    302    302
GET  portal:catalogue              login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:category               login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:product                login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:offer                  login    200    200    200    200    200    200    302    302    302    302    302
POST portal:part_number            login    302    302    403    403    302    302    302    302    302    302    302
GET  portal:schedule               login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:certificates           login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:document               login    200    200    200    200    200    200    200    200    200    200    200
GET  portal:data_sheet             login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:reviews                login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:together               login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:review                 login    200    200    200    200    200    200    302    302    302    302    302
POST portal:review                 login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:questions              login    200    200    200    200    200    200    302    302    302    302    302
POST portal:questions              login    200    200    200    200    200    200    302    302    302    302    302
POST portal:watch                  login    422    422    422    422    422    422    302    302    302    302    302
POST portal:unwatch                login    302    404    404    404    404    404    302    302    302    302    302
GET  portal:price_match            login    200    200    403    403    200    200    302    302    302    302    302
POST portal:price_match            login    200    200    403    403    200    200    302    302    302    302    302
GET  portal:price_match_file       login    200    200    200    403    404    404    302    302    302    302    302
GET  portal:share                  login    200    200    200    200    200    200    302    302    302    302    302
POST portal:share                  login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:cart                   login    200    200    403    403    200    200    302    302    302    302    302
POST portal:cart_add               login    404    404    403    403    404    404    302    302    302    302    302
POST portal:cart_update            login    302    302    403    403    302    302    302    302    302    302    302
GET  portal:cart_split             login    404    404    403    403    404    404    302    302    302    302    302
POST portal:cart_split             login    404    404    403    403    404    404    302    302    302    302    302
POST portal:cart_remove            login    404    404    403    403    404    404    302    302    302    302    302
POST portal:cart_coupon            login    302    302    403    403    302    302    302    302    302    302    302
POST portal:cart_empty             login    302    302    403    403    302    302    302    302    302    302    302
GET  portal:cart_together          login    200    200    403    403    200    200    302    302    302    302    302
GET  portal:quick_together         login    200    200    403    403    200    200    302    302    302    302    302
GET  portal:order_together         login    200    200    200    200    404    404    302    302    302    302    302
GET  portal:next_order_instead     login    200    200    403    403    200    200    302    302    302    302    302
GET  portal:missing                login    200    200    403    403    200    200    302    302    302    302    302
POST portal:request_quote          login    422    422    403    403    422    422    302    302    302    302    302
GET  portal:checkout               login    302    302    403    403    302    302    302    302    302    302    302
POST portal:checkout               login    302    302    403    403    302    302    302    302    302    302    302
GET  portal:confirmation           login    200    200    200    200    404    404    302    302    302    302    302
GET  portal:orders                 login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:order                  login    200    200    200    200    404    404    302    302    302    302    302
POST portal:reorder                login    302    302    403    403    404    404    302    302    302    302    302
POST portal:cancel_order           login    409    409    403    403    404    404    302    302    302    302    302
GET  portal:approvals              login    403    200    403    403    403    403    302    302    302    302    302
GET  portal:decide                 login    403    200    403    403    403    403    302    302    302    302    302
GET  portal:deputy                 login    403    200    403    403    403    403    302    302    302    302    302
POST portal:withdraw_deputy        login    403    302    403    403    403    403    302    302    302    302    302
GET  portal:budgets                login    403    200    200    403    403    403    302    302    302    302    302
POST portal:change_order           login    409    404    403    403    404    404    302    302    302    302    302
GET  portal:own_company            login    403    403    403    403    403    403    302    302    302    302    302
GET  portal:company                login    403    403    403    403    403    403    302    302    302    302    302
POST portal:company_rules          login    403    403    403    403    403    403    302    302    302    302    302
GET  portal:invite                 login    403    403    403    403    403    403    302    302    302    302    302
GET  portal:person                 login    403    403    403    403    403    403    302    302    302    302    302
POST portal:end_access             login    403    403    403    403    403    403    302    302    302    302    302
POST portal:invite_again           login    403    403    403    403    403    403    302    302    302    302    302
GET  portal:new_cost_centre        login    403    403    403    403    403    403    302    302    302    302    302
GET  portal:cost_centre            login    403    403    403    403    403    403    302    302    302    302    302
GET  portal:new_policy             login    403    403    403    403    403    403    302    302    302    302    302
GET  portal:policy                 login    403    403    403    403    403    403    302    302    302    302    302
POST portal:withdraw_policy        login    403    403    403    403    403    403    302    302    302    302    302
GET  portal:join                     404    404    404    404    404    404    404    404    404    404    404    404
POST portal:decide                 login    403    422    403    403    403    403    302    302    302    302    302
GET  portal:quotes                 login    200    200    200    403    200    200    302    302    302    302    302
GET  portal:quote                  login    200    200    200    403    404    404    302    302    302    302    302
POST portal:accept_quote           login    409    409    403    403    404    404    302    302    302    302    302
POST portal:decline_quote          login    302    409    403    403    404    404    302    302    302    302    302
GET  portal:ask_quote              login    200    200    403    403    200    200    302    302    302    302    302
POST portal:ask_quote              login    422    422    403    403    422    422    302    302    302    302    302
POST portal:counter_quote          login    422    422    403    403    404    404    302    302    302    302    302
POST portal:attach_to_quote        login    422    422    403    403    404    404    302    302    302    302    302
GET  portal:quote_file             login    200    200    200    403    404    404    302    302    302    302    302
GET  portal:blankets               login    200    200    200    403    200    200    302    302    302    302    302
GET  portal:blanket                login    200    200    200    403    404    404    302    302    302    302    302
GET  portal:call_off               login    422    422    403    403    404    404    302    302    302    302    302
POST portal:call_off               login    422    422    403    403    404    404    302    302    302    302    302
POST portal:call_off_to_cart       login    422    422    403    403    404    404    302    302    302    302    302
GET  portal:invoices               login    200    200    200    403    200    200    302    302    302    302    302
GET  portal:invoice_pdf            login    200    200    200    403    404    404    302    302    302    302    302
GET  portal:invoice                login    200    200    200    403    404    404    302    302    302    302    302
GET  portal:e_invoice              login    409    409    409    403    404    404    302    302    302    302    302
GET  portal:statement              login    200    200    200    403    200    200    302    302    302    302    302
GET  portal:statement_pdf          login    200    200    200    403    200    200    302    302    302    302    302
GET  portal:statement_csv          login    200    200    200    403    200    200    302    302    302    302    302
GET  portal:cases                  login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:said_and_done          login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:new_case               login    200    200    200    200    200    200    302    302    302    302    302
POST portal:new_case               login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:case                   login    200    200    200    200    404    404    302    302    302    302    302
POST portal:case                   login    422    422    422    422    404    404    302    302    302    302    302
GET  portal:survey_link              200    200    200    200    200    200    200    200    200    200    200    200
POST portal:survey_link              422    422    422    422    422    422    422    422    422    422    422    422
GET  portal:survey_stop              200    200    200    200    200    200    200    200    200    200    200    200
POST portal:survey_stop              200    200    200    200    200    200    200    200    200    200    200    200
GET  portal:stop_offers              200    200    200    200    200    200    200    200    200    200    200    200
POST portal:stop_offers              200    200    200    200    200    200    200    200    200    200    200    200
POST portal:give_by_link             404    404    404    404    404    404    404    404    404    404    404    404
POST portal:give                   login    404    404    404    404    404    404    302    302    302    302    302
GET  portal:survey                 login    200    404    404    404    404    404    302    302    302    302    302
POST portal:survey                 login    422    404    404    404    404    404    302    302    302    302    302
GET  portal:asked                  login    200    404    404    404    404    404    302    302    302    302    302
POST portal:asked                  login    422    404    404    404    404    404    302    302    302    302    302
POST portal:give_asked             login    404    404    404    404    404    404    302    302    302    302    302
GET  portal:my_data                login    200    200    200    200    200    200    302    302    302    302    302
POST portal:my_data_say            login    422    422    422    422    422    422    302    302    302    302    302
POST portal:my_data_copy           login    200    200    200    200    200    200    302    302    302    302    302
POST portal:forget_me              login    302    302    302    302    302    302    302    302    302    302    302
GET  portal:account                login    200    200    200    200    200    200    302    302    302    302    302
GET  workspace:price_lists         login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:price_lists         login    403    403    403    403    403    403    200    404    200    200    200
GET  workspace:price_file          login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:stop_price_list     login    403    403    403    403    403    403    302    404    404    404    404
GET  portal:price_lists            login    200    200    200    403    200    200    302    302    302    302    302
POST portal:price_lists            login    200    200    200    403    200    200    302    302    302    302    302
GET  portal:price_file             login    200    200    200    403    404    404    302    302    302    302    302
POST portal:stop_price_list        login    302    404    404    403    404    404    302    302    302    302    302
GET  portal:new_ship_to            login    200    200    403    403    200    200    302    302    302    302    302
POST portal:new_ship_to            login    200    200    403    403    200    200    302    302    302    302    302
GET  portal:ship_to                login    200    200    403    403    404    404    302    302    302    302    302
POST portal:ship_to                login    200    200    403    403    404    404    302    302    302    302    302
POST portal:retire_ship_to         login    302    404    403    403    404    404    302    302    302    302    302
POST portal:switch_account         login    302    302    302    302    404    404    302    302    302    302    302
GET  workspace:order               login    403    403    403    403    403    403    200    404    200    200    200
GET  workspace:shipment            login    403    403    403    403    403    403    302    404    302    302    302
GET  workspace:picking             login    403    403    403    403    403    403    403    403    403    403    200
GET  workspace:wave                login    403    403    403    403    403    403    403    403    403    403    200
GET  workspace:pick_list           login    403    403    403    403    403    403    403    403    403    403    200
GET  workspace:pick_shipment       login    403    403    403    403    403    403    403    403    403    403    200
POST workspace:pick_shipment       login    403    403    403    403    403    403    403    403    403    403    409
POST portal:shipping               login    422    422    403    403    404    404    302    302    302    302    302
GET  portal:later                  login    200    200    200    200    404    404    302    302    302    302    302
POST portal:choose_later           login    422    422    403    403    404    404    302    302    302    302    302
POST api:choice                      401    422    422    403    403    422    422    422    422    403    422    422
GET  workspace:slips               login    403    403    403    403    403    403    200    200    200    200    200
GET  portal:delivery_calendar      login    200    200    200    200    404    404    302    302    302    302    302
POST api:carrier_events              401    403    403    403    403    403    403    403    403    403    403    403
POST api:carrier_webhook             401    401    401    401    401    401    401    401    401    401    401    401
GET  portal:drive                    404    404    404    404    404    404    404    404    404    404    404    404
GET  portal:drive_stop               404    404    404    404    404    404    404    404    404    404    404    404
POST portal:drive_stop               404    404    404    404    404    404    404    404    404    404    404    404
GET  portal:fault                  login    200    200    200    200    404    404    302    302    302    302    302
POST portal:fault                  login    422    422    422    422    404    404    302    302    302    302    302
GET  portal:delivery_picture       login    200    200    200    200    404    404    200    404    200    200    200
GET  workspace:promises            login    403    403    403    403    403    403    200    404    200    200    200
GET  workspace:look                login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:add_task            login    403    403    403    403    403    403    422    404    422    422    422
GET  favicon                         301    301    301    301    301    301    301    301    301    301    301    301
GET  portal:compare                login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:source                 login    200    200    200    200    200    200    302    302    302    302    302
POST portal:source                 login    422    422    422    422    422    422    302    302    302    302    302
GET  portal:sourcing_file          login    200    200    200    200    404    404    302    302    302    302    302
GET  workspace:sourcing_file       login    403    403    403    403    403    403    200    404    200    200    200
GET  portal:suggest                login    200    200    200    200    200    200    302    302    302    302    302
POST api:resolve                     401    400    400    400    403    400    400    403    403    403    403    403
GET  api:lists                       401    200    200    200    200    200    200    200    200    200    200    200
POST api:lists                       401    422    422    403    403    422    422    403    403    403    403    403
POST api:suggestions                 401    200    200    403    403    200    200    200    200    403    200    200
GET  api:shortages                   401    200    200    403    403    200    200    200    200    403    200    200
GET  api:next_order                  401    200    200    403    403    200    200    200    200    403    200    200
POST api:dismissals                  401    400    400    403    403    400    400    400    400    403    400    400
GET  api:list                        401    200    200    200    200    404    404    404    404    404    404    404
GET  api:standing_orders             401    200    200    200    200    200    200    200    200    200    200    200
POST api:standing_orders             401    422    422    403    403    422    422    403    403    403    403    403
GET  api:standing_order              401    200    200    200    200    404    404    404    404    404    404    404
POST api:standing_order              401    400    400    403    403    404    404    404    404    403    404    404
GET  portal:quick_order            login    200    200    403    403    200    200    302    302    302    302    302
GET  portal:quick_answer           login    200    200    403    403    200    200    302    302    302    302    302
POST portal:quick_add              login    422    422    403    403    422    422    302    302    302    302    302
POST portal:quick_paste            login    422    422    403    403    422    422    302    302    302    302    302
POST portal:quick_upload           login    422    422    403    403    422    422    302    302    302    302    302
POST portal:quick_lines            login    302    302    403    403    302    302    302    302    302    302    302
POST portal:quick_clear            login    302    302    403    403    302    302    302    302    302    302    302
POST portal:quick_cart             login    302    302    403    403    302    302    302    302    302    302    302
GET  portal:lists                  login    200    200    200    200    200    200    302    302    302    302    302
POST portal:lists                  login    422    422    403    403    422    422    302    302    302    302    302
GET  portal:list_add               login    200    200    403    403    200    200    302    302    302    302    302
POST portal:list_add               login    422    422    403    403    422    422    302    302    302    302    302
GET  portal:list                   login    200    200    200    200    404    404    302    302    302    302    302
POST portal:list                   login    422    422    422    422    404    404    302    302    302    302    302
POST portal:list_about             login    422    403    403    403    404    404    302    302    302    302    302
GET  portal:list_delete            login    200    200    403    403    404    404    302    302    302    302    302
POST portal:list_delete            login    302    404    403    403    404    404    302    302    302    302    302
GET  portal:list_export            login    200    200    200    200    404    404    302    302    302    302    302
GET  portal:standing_orders        login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:new_standing_order     login    200    200    403    403    200    200    302    302    302    302    302
POST portal:new_standing_order     login    422    422    403    403    422    422    302    302    302    302    302
GET  portal:standing_order         login    200    200    200    200    404    404    302    302    302    302    302
POST portal:standing_order         login    422    422    422    422    404    404    302    302    302    302    302
GET  api:returnable                  401    200    200    200    200    404    404    200    404    200    200    200
GET  api:returns                     401    200    200    200    200    200    200    200    200    200    200    200
POST api:returns                     401    422    422    403    422    422    422    403    403    403    403    403
GET  api:return                      401    200    200    200    200    404    404    200    404    200    200    200
GET  portal:returns                login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:ask_return             login    200    200    403    200    404    404    302    302    302    302    302
POST portal:ask_return             login    422    422    403    422    404    404    302    302    302    302    302
GET  portal:return                 login    200    200    200    200    404    404    302    302    302    302    302
GET  portal:return_label           login    200    200    200    200    404    404    302    302    302    302    302
GET  portal:return_picture         login    200    200    200    200    404    404    200    404    200    200    200
POST portal:withdraw_return        login    302    302    403    302    404    404    302    302    302    302    302
POST portal:return_sent            login    302    302    403    302    404    404    302    302    302    302    302
POST portal:return_again           login    302    302    403    403    404    404    302    302    302    302    302
GET  workspace:returns             login    403    403    403    403    403    403    200    200    200    200    200
GET  workspace:return              login    403    403    403    403    403    403    200    404    200    200    200
POST workspace:decide_return       login    403    403    403    403    403    403    422    404    422    422    422
GET  workspace:receiving           login    403    403    403    403    403    403    403    403    403    403    200
GET  workspace:receive_return      login    403    403    403    403    403    403    403    403    403    403    200
POST workspace:receive_return      login    403    403    403    403    403    403    403    403    403    403    422
POST workspace:end_return          login    403    403    403    403    403    403    409    404    409    409    409
POST workspace:credit_return       login    403    403    403    403    403    403    403    403    403    403    422
GET  portal:notices                login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:bell                   login    200    200    200    200    200    200    302    302    302    302    302
GET  portal:notice                 login    302    404    404    404    404    404    302    302    302    302    302
POST portal:notice                 login    302    404    404    404    404    404    302    302    302    302    302
POST portal:read_all               login    302    302    302    302    302    302    302    302    302    302    302
GET  portal:notice_settings        login    200    200    200    200    200    200    302    302    302    302    302
POST portal:notice_settings        login    302    302    302    302    302    302    302    302    302    302    302
GET  portal:views                  login    200    200    200    200    200    200    302    302    302    302    302
POST portal:save_view              login    422    422    422    422    422    422    302    302    302    302    302
GET  portal:view                   login    302    302    302    302    404    404    302    302    302    302    302
POST portal:change_view            login    422    404    404    404    404    404    302    302    302    302    302
POST portal:delete_view            login    302    404    404    404    404    404    302    302    302    302    302
GET  portal:favourites             login    200    200    403    403    200    200    302    302    302    302    302
POST portal:favourites             login    404    404    403    403    404    404    302    302    302    302    302
GET  portal:recent                 login    200    200    200    200    200    200    302    302    302    302    302
POST portal:forget_recent          login    302    302    302    302    302    302    302    302    302    302    302
GET  portal:reorder                login    200    200    403    403    404    404    302    302    302    302    302
POST portal:forget_searches        login    302    302    302    302    302    302    302    302    302    302    302
"""


def addresses(patterns=None, spaces: tuple[str, ...] = ()):
    """Every named address: its name with its namespaces, and the names of what it takes."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern) and entry.name:
            yield ":".join((*spaces, entry.name)), tuple(entry.pattern.converters)


def rows() -> dict[tuple[str, str], tuple[str, ...]]:
    """(method, name) -> what each persona gets."""
    split = (line.split() for line in TABLE.splitlines() if line.strip() and not line.startswith("#"))
    return {(method, name): tuple(cells) for method, name, *cells in split}


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """What the addresses take, and who is logged in by which cookie: made once for all addresses."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        yield belongings(world), {name: cookies_of(world, name) for name in PERSONAS}
        transaction.set_rollback(True)


@pytest.fixture
def everybody(stage):
    """A browser for each persona; whatever their requests change is as it was for the next address."""
    things, cookies = stage
    clients = {name: Client(raise_request_exception=False) for name in PERSONAS}
    for name, client in clients.items():
        client.cookies.load(cookies[name])
    with transaction.atomic():
        yield things, clients
        transaction.set_rollback(True)


def cookies_of(world, name: str) -> dict[str, str]:
    who = getattr(world, name, None)
    if who is None:
        return {}
    client = Client()
    client.force_login(getattr(who, "user", who))
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def outcome(client: Client, method: str, address: str) -> str:
    answer = client.generic(method, address)
    to_log_in = answer.status_code == 302 and answer.url.startswith(reverse("login"))
    return "login" if to_log_in else str(answer.status_code)


def test_every_address_has_a_row_and_every_row_an_address():
    known = {name for name, _takes in addresses() if not name.startswith(LEFT_OUT)}
    assert known == {name for _method, name in rows()}


@pytest.mark.parametrize(("method", "name"), rows(), ids=lambda part: part)
def test_everybody_gets_what_the_table_says(everybody, method, name):
    takes, (things, clients) = dict(addresses())[name], everybody
    address = reverse(name, args=[things[NUMBERED[name] if argument == "number" else argument] for argument in takes])
    found = {persona: outcome(client, method, address) for persona, client in clients.items()}
    assert found == dict(zip(PERSONAS, rows()[method, name], strict=True))
