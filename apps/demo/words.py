"""Names of people, firms and places: all invented, or so common that they are nobody's."""

GIVEN = {
    "GB": ("Amelia", "Oliver", "Priya", "Callum", "Zainab", "Harriet", "Tomasz", "Bethan", "Imran", "Rosie", "Gareth",
           "Leanne", "Marcus", "Aoife", "Duncan", "Freya", "Kwame", "Nadia", "Simon", "Grace", "Hamish", "Yasmin",
           "Owen", "Chloe", "Ravi", "Ellen", "Declan", "Maya", "Stuart", "Ines"),
    "IE": ("Niamh", "Cormac", "Saoirse", "Eoin", "Ciara", "Padraig", "Sinead", "Conor"),
    "DE": ("Anke", "Jürgen", "Katrin", "Matthias", "Sabine", "Torsten", "Lena", "Emre"),
    "TH": ("Somchai", "Anong", "Kittisak", "Malee", "Niran", "Suda", "Prasert", "Ratree"),
    "KR": ("Minjun", "Seoyeon", "Jihoon", "Hayoon", "Dohyun", "Sujin"),
    "VN": ("Minh", "Lan", "Tuan", "Huong", "Duc", "Thao"),
    "AE": ("Omid", "Leila", "Reza", "Shirin", "Hassan", "Mariam", "Darius", "Parisa"),
}  # fmt: skip
FAMILY = {
    "GB": ("Ashworth", "Bennett", "Chaudhry", "Davies", "Ellison", "Fairbrother", "Greenwood", "Hargreaves", "Iqbal",
           "Jennings", "Kowalski", "Lockwood", "MacLeod", "Nwosu", "Okafor", "Patel", "Quigley", "Rowbotham", "Singh",
           "Thackeray", "Underhill", "Vaughan", "Whitaker", "Yeoman", "Ackroyd", "Birch", "Cartwright", "Dunne",
           "Entwistle", "Fenwick"),
    "IE": ("Brennan", "Doyle", "Fitzgerald", "Gallagher", "Kavanagh", "Nolan", "O'Shea", "Walsh"),
    "DE": ("Baumann", "Demir", "Fischer", "Hoffmann", "Köhler", "Neumann", "Schreiber", "Vogt"),
    "TH": ("Boonmee", "Charoen", "Intarat", "Kaewmanee", "Pongsak", "Srisuk", "Thongchai", "Wattana"),
    "KR": ("Kim", "Park", "Lee", "Choi", "Jung", "Kang"),
    "VN": ("Nguyen", "Tran", "Pham", "Hoang", "Vo", "Dang"),
    "AE": ("Ahmadi", "Farhadi", "Karimi", "Moradi", "Rahimi", "Sadeghi", "Tehrani", "Zand"),
}  # fmt: skip
FIRST = ("Ashgrove", "Bramley", "Calderstone", "Dunmere", "Eastholme", "Fernbrook", "Glenharrow", "Hollinside",
         "Ingleton", "Juniper", "Kelbrook", "Larkfield", "Marsden", "Northgate", "Oakhampton", "Pendle", "Quayside",
         "Ravenscar", "Silverdale", "Thornbury", "Ullswater", "Verwood", "Westmere", "Yarrow", "Alderley", "Beckside",
         "Copperfield", "Derwent", "Elmhurst", "Foxglove", "Greystone", "Heathcote", "Ironbridge", "Jarvis Cross",
         "Kingsmead", "Lowther", "Millbank", "Netherby", "Orchard Lane", "Priory", "Redwing", "Stonecroft")  # fmt: skip
TRADES = {
    "Facility management": ("Facilities", "Property Care", "Building Services", "Estates"),
    "Manufacturing": ("Engineering", "Precision", "Castings", "Components", "Works"),
    "Food & drink": ("Bakeries", "Dairy", "Brewing", "Foods"),
    "Construction": ("Construction", "Contractors", "Civils", "Roofing"),
    "Logistics": ("Logistics", "Haulage", "Warehousing", "Freight"),
    "Public sector": ("College", "Housing Trust", "Hospital Trust", "Leisure"),
    "Energy & water": ("Renewables", "Water", "Power", "Drainage"),
}
ABROAD = {
    "IE": ("Liffeyside Foods", "Shannonvale Engineering", "Corrib Estates"),
    "DE": ("Rheintal Maschinenbau", "Elbufer Logistik", "Schwarzbach Technik"),
    "TH": ("Chao Phraya Precision", "Siam Orchid Foods", "Andaman Power"),
    "KR": ("Hangang Components", "Saebyeok Logistics"),
    "VN": ("Song Hong Furniture", "Bach Dang Works"),
    "AE": ("Dune Gate Facilities", "Creekside Contractors", "Al Noor Cold Stores"),
}
# city, postal code
CITIES = {
    "GB": (("Leeds", "LS10 2AB"), ("Manchester", "M17 1QR"), ("Sheffield", "S9 3TU"), ("Birmingham", "B24 8HN"),
           ("Bristol", "BS11 8DF"), ("Reading", "RG2 0TD"), ("Glasgow", "G51 4SB"), ("Cardiff", "CF24 5PJ"),
           ("Newcastle", "NE6 3QN"), ("Nottingham", "NG7 2PX"), ("Southampton", "SO15 0AA"), ("Norwich", "NR6 6HD"),
           ("Hull", "HU3 4XR"), ("Exeter", "EX2 8QW"), ("Liverpool", "L24 9GB"), ("Edinburgh", "EH11 4AJ")),
    "IE": (("Dublin", "D12 X4P8"), ("Cork", "T12 W8K2"), ("Galway", "H91 E3F5")),
    "DE": (("Köln", "50735"), ("Hamburg", "21107"), ("Freiburg", "79108")),
    "TH": (("Bangkok", "10520"), ("Chonburi", "20000"), ("Rayong", "21140")),
    "KR": (("Incheon", "22711"), ("Busan", "46729")),
    "VN": (("Hai Phong", "180000"), ("Bien Hoa", "810000")),
    "AE": (("Dubai", ""), ("Sharjah", "")),
}  # fmt: skip
#: Degrees north and east of the middle of each town.
PLACES = {
    "Leeds": (53.79, -1.54), "Manchester": (53.47, -2.28), "Sheffield": (53.38, -1.45), "Birmingham": (52.5, -1.84),
    "Bristol": (51.48, -2.62), "Reading": (51.44, -0.97), "Glasgow": (55.86, -4.3), "Cardiff": (51.48, -3.16),
    "Newcastle": (54.98, -1.57), "Nottingham": (52.95, -1.17), "Southampton": (50.92, -1.4), "Norwich": (52.66, 1.28),
    "Hull": (53.74, -0.38), "Exeter": (50.71, -3.52), "Liverpool": (53.36, -2.87), "Edinburgh": (55.93, -3.22),
    "Dublin": (53.33, -6.32), "Cork": (51.9, -8.5), "Galway": (53.28, -9.03), "Köln": (50.97, 6.95),
    "Hamburg": (53.5, 10.0), "Freiburg": (48.02, 7.83), "Bangkok": (13.73, 100.77), "Chonburi": (13.36, 100.98),
    "Rayong": (12.95, 101.1), "Incheon": (37.5, 126.65), "Busan": (35.12, 129.04), "Hai Phong": (20.86, 106.68),
    "Bien Hoa": (10.95, 106.83), "Dubai": (25.14, 55.23), "Sharjah": (25.33, 55.4),
}  # fmt: skip
SAID_ON_VISITS = (
    "Walked the stores with them. Shelves for gloves run empty before the week is over.",
    "They open a second site in spring and want the same range there from the first day.",
    "Content with deliveries; asked for one invoice a month instead of one for each order.",
    "A competitor offers hand tools for less. They would rather stay for the delivery times.",
    "The new buyer does not know the lists yet. Went through the portal together.",
    "Budget is tight until the end of the quarter; large tools wait.",
)
STEPS_AFTER_VISITS = (
    "", "", "Send samples of the new gloves", "Ask whether the trial went well", "Send the price list for the new site",
)  # fmt: skip
STREETS = ("Foundry Lane", "Canal Road", "Station Approach", "Mill Street", "Dock Road", "Quarry Hill", "Park Avenue",
           "Tannery Row", "Wharf Street", "Brickfield Way", "Enterprise Way", "Old Forge Close")  # fmt: skip
STREETS_ABROAD = {
    "IE": ("Harbour Road", "Abbey Street", "Bridge Industrial Park"),
    "DE": ("Industriestraße", "Hafenstraße", "Am Bahndamm", "Werkstraße"),
    "TH": ("Soi Lat Krabang", "Sukhumvit Road", "Bang Na-Trat Road"),
    "KR": ("Gongdan-ro", "Hangu-daero"),
    "VN": ("Duong so 5", "Le Hong Phong"),
    "AE": ("Al Quoz 3rd Street", "Jebel Ali Road"),
}
DIALLING = {"GB": "+44 1632 960", "IE": "+353 20 910", "DE": "+49 30 23125", "TH": "+66 2 555", "KR": "+82 2 555",
            "VN": "+84 24 555", "AE": "+971 4 555"}  # fmt: skip
