"""What people write: comments to answers, messages of cases, what was done."""

COMMENTS = {
    "promoter": {
        "delivery": ("Always there when you say it will be.", "Driver rang ahead and put it where we needed it.",
                     "Ordered at four, on the bench next morning."),
        "range": ("You had the odd size nobody else stocks.", "Everything for the shutdown in one order."),
        "price": ("The breaks made it easy to defend the order.", "Fair price and no surprises on the invoice."),
        "ease": ("Reordering takes me a minute now.", "I found it by our own part number."),
        "trust": ("When you promise a date I plan with it.", "You told us about the delay before we noticed."),
        "rep": ("{rep} knows our site better than some of us.", "{rep} suggested a cheaper glove that lasts longer."),
    },
    "passive": {
        "delivery": ("Fine, but the box was bigger than it had to be.", "Came on the day, a time window would help."),
        "range": ("Could not find the stainless version.", "More of it in stock in Reading, please."),
        "price": ("Good, though the tape is cheaper elsewhere.", "Freight on small orders adds up."),
        "ease": ("Works. The confirmation could show our cost centre.", "Search is good, filters for size are better."),
        "trust": ("All right so far.",),
        "rep": ("{rep} is helpful, but hard to get on Mondays.",),
    },
    "detractor": {
        "delivery": ("Two days late and nobody told us. The line stood.", "Half of it missing; the note said complete.",
                     "Cartons crushed on one side; we sorted bolts for an hour."),
        "range": ("Third time this month out of stock.", "Discontinued without a word; the substitute does not fit."),
        "price": ("Contract price was not applied until we asked.", "List price went up twice this year."),
        "ease": ("I had to type the same order twice.", "Nobody could tell me where the pallet was."),
        "trust": ("The date moved three times.",),
        "rep": ("Rang twice, no call back.",),
    },
}  # fmt: skip
ANSWERS = {
    "delivery": "I am sorry about this. A replacement leaves {city} today by express at our cost; the missing part is "
    "credited on the next invoice.",
    "price": "You are right: the contract price was entered a week late. The difference is credited.",
    "range": "We now keep this for you in Reading and have put a substitute that fits beside it.",
    "invoice": "The invoice was wrong. A credit note and a correct invoice are on their way.",
    "people": "I should have called back and did not. I am at your site on Thursday if that suits you.",
    "other": "Thank you for telling us. I have looked into it and set it right.",
}
RESOLUTIONS = {
    "delivery": "Replacement delivered and accepted; carrier warned, packing changed to double wall.",
    "price": "Credit issued, contract price checked line by line with the customer.",
    "range": "Minimum stock set for the account; substitute agreed.",
    "invoice": "Credit note issued, billing address corrected.",
    "people": "Visited; deputy named for days off.",
    "other": "Explained and put right.",
}
REPORTED = (
    ("invoice", "Invoice shows the wrong cost centre", "Cost centre 214 closed in spring. Please reissue."),
    ("delivery", "Pallet left at the wrong gate", "The driver used gate 1 again; we unload at gate 3."),
    ("range", "Looking for a longer version", "We need the same cable gland with a longer thread for thick panels."),
    ("other", "Safety data sheet in Thai", "Our safety officer needs the data sheet of the degreaser in Thai."),
    ("price", "Price on the quote has expired", "Can you extend the quote for the motors by two weeks?"),
)  # fmt: skip
OUTCOMES = ("Two contacts named.", "Offer sent, ordered.", "Would give a reference.", "Again in spring.")
QUOTE_MESSAGES = (
    "We need these for the shutdown in week 32. What can you do for the whole lot?",
    "Same as last year, but twice the quantity. Please sharpen your pencil.",
    "For a tender; prices must hold for 60 days.",
)
QUOTE_ANSWERS = (
    "Happy to: 7% off for the lot, held until the date below, delivery in one drop.",
    "Best I can do at this quantity. If you take it in two calls, freight is on us.",
)
PICK_NOTES = (
    "Lasts twice as long as what you buy now.",
    "In stock in Reading from this week.",
    "Same quality, a tenth cheaper from 20 on.",
    "Goes with the bolts you order each month.",
    "New: your safety officer asked for it.",
    "Free sample in your next box.",
)
BLOCK_NOTE = "They make these in their own workshop and do not want to be asked."
#: To questions about other things than a delivery: kind of programme and band -> comments.
SAID = {
    "case": {
        "detractor": ("Three calls until somebody felt responsible.", "I had to explain it anew to each of you.",
                      "Put right in the end, but I was the one who kept asking."),
        "passive": ("Sorted, though I would have liked a date sooner.", "All right once it was with the right person."),
        "promoter": ("One message and it was done.", "{rep} rang before I could.",
                     "Replacement came the next morning."),
    },
    "relationship": {
        "detractor": ("Prices go up and the explanation comes afterwards.", "We carry stock because your dates move.",
                      "Two of our sites already buy elsewhere."),
        "passive": ("Solid. Show me what we could save and it is a 9.", "Good on consumables, less so on motors."),
        "promoter": ("You make us look good in front of our own customers.", "{rep} plans the year with us.",
                     "One supplier less to worry about."),
    },
    "first_order": {
        "detractor": ("The account took a week to open.",),
        "passive": ("Fine for a first order. The invoice could name our site.",),
        "promoter": ("Easier than I feared, and complete.",),
    },
    "lapsed": {
        "detractor": ("Head office moved the contract elsewhere.", "Nobody missed us, it seems."),
        "passive": ("The site is closed until spring.", "We buy less; freight does not pay for small orders."),
        "promoter": ("Nothing wrong, the line stands still this quarter.",),
    },
}  # fmt: skip
CALLED = ("Spoke for ten minutes; one contact for everything from now on.", "Called; comes back with a list next week.",
          "Visited the site, the gate is agreed.")  # fmt: skip
#: A problem of the demo's buyer: its title, what they wrote, what we answered.
TORN = (
    "Two cartons of the last delivery were torn",
    "Two of the cartons were open on arrival. Nothing is missing, but half of the gloves cannot be used any more.",
    "I am sorry about the torn cartons. Replacements for both leave Leeds today; please keep or bin the others as you "
    "like.",
)
