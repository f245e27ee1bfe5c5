"""What buyers of the demo say and ask about products, by department: whole sentences that fit any member."""

REVIEWS = {
    "Fasteners": (
        (5, "Exactly to size",
         "We measured twenty out of a box: all within tolerance, threads clean, no burrs to file off."),
        (5, "Lot number on every box",
         "The lot number stands on box and note, so our quality file was done in a minute."),
        (4, "Good, box could be stronger",
         "Nothing wrong with the parts. The carton had split on one side and we had to recount."),
        (4, "", "Coating is even and did not flake at the edges when tightened to the full torque."),
        (3, "Fine for inside",
         "Does the job indoors. Outside it showed first rust after one winter; we take stainless there now."),
        (2, "Mixed lengths in one bag",
         "About a dozen shorter ones were in the bag. They were replaced at once, but sorting cost an hour."),
    ),
    "Safety": (
        (5, "The crew asks for these",
         "They are worn all shift without being told to, which says more than any test report."),
        (4, "Sizes run small", "Good grip and feel. Order one size up for people with broad hands."),
        (4, "", "Holds its shape after ten washes; colour is a little paler but still within the class."),
        (3, "All right for light work",
         "Comfortable, but wears through in a week on rough castings. For assembly it is just right."),
        (5, "Passed our audit",
         "Certificate and marking matched, the auditor had no question. That is what we buy it for."),
        (2, "Strap came loose",
         "On two of forty the strap came loose in the first week. Service sent new ones the next day."),
    ),
    "Bearings & drives": (
        (5, "Runs cool", "Fitted in a conveyor that eats bearings. Eight months on it runs at 41 degrees and quiet."),
        (4, "Good value beside the big names",
         "Clearance as stated, no noise. We keep the big names for the spindles and take these elsewhere."),
        (5, "",
         "Dimensions to the micrometre, grease fill even. The drawing on this page is right, unlike in some "
         "catalogues."),
        (3, "Packaging let in moisture",
         "The part is good, but one foil was open and there was a trace of rust. Replaced without a word."),
        (4, "Delivered when promised",
         "Ordered for a planned stop and it was there the day before, as the page had said."),
    ),
    "Hydraulics & pneumatics": (
        (5, "Tight at once", "Sealed without a second turn. Two hundred in the hall and not one weeps."),
        (4, "", "Good finish, thread clean. A depth mark for the tube would help the apprentices."),
        (4, "Does what the sheet says", "Held 1.5 times working pressure on our bench for an hour."),
        (2, "Thread too short for us",
         "Nothing wrong with it, but two turns fewer than the one before. Please put the thread length into the "
         "table."),
        (5, "Fitted from the data sheet",
         "We drew the bracket after the data sheet and everything fitted when it came."),
    ),
    "Electrical": (
        (5, "Terminals take two wires",
         "Room to work, terminals that really take two wires, clear print. Our fitters like it."),
        (4, "Clear marking", "Fits the rail of the old ones. Marking is easy to read even at the back of the cabinet."),
        (4, "", "Colour is the same over two deliveries a month apart, which was not so with our last supplier."),
        (3, "Instructions only in two languages",
         "Good product. We had to ask for the sheet in a third language, which came by mail the same day."),
        (5, "Still going", "Two winters outside at a loading dock and not one has failed."),
    ),
    "Cleaning & hygiene": (
        (5, "Half the dose is enough",
         "We halved the dose after a trial week and floors look the same. The yearly sum went down by a third."),
        (4, "Smell is discreet", "Cleaners and office staff both agree on it, and that has never happened before."),
        (4, "", "Canister pours without glugging. The pump has to be bought with it; say so more clearly."),
        (3, "Good, but streaks on dark stone",
         "Fine on vinyl and tiles. On polished dark stone it wants a second wipe with clear water."),
        (5, "Safety sheet at hand",
         "The current safety sheet is on the page with its version, so our folder is right for once."),
    ),
    "Packaging": (
        (5, "No more crushed corners", "Since we changed to these we had one damage in six hundred parcels."),
        (4, "Sticks in the cold store", "Holds at 4 degrees where the cheap one lifted after a night."),
        (4, "", "Size is true inside, not outside as so often. Stacks well when flat."),
        (3, "Board could be stiffer", "Good up to 12 kg. Above that we double the base."),
    ),
    "Lubricants & chemicals": (
        (5, "Longer between changes", "Went from 500 to 900 hours between changes with the analysis still green."),
        (4, "", "Can closes well after use, the label stays readable. Small things, but they matter on a shelf."),
        (4, "Works on old threads", "Freed studs that had sat in a pump house for twenty years. Give it the night."),
        (3, "Check the seals", "Excellent on metal. It made one old rubber seal swell, so check first."),
    ),
    "Tools": (
        (5, "Survived the apprentices", "Two years in the training workshop. I have nothing to add."),
        (4, "Balanced, a bit heavy",
         "Good in the hand and holds its setting. Overhead you feel the weight after an hour."),
        (5, "", "Certificate was in the box and agreed with our own check to half a per cent."),
        (3, "Case is flimsy", "The tool is fine. The hinge of the case broke in the second month."),
        (2, "Wears quickly in stainless",
         "Good in mild steel. In stainless it was blunt after thirty holes; we take the coated one now."),
    ),
    "HVAC & plumbing": (
        (5, "Pressure drop as printed",
         "We measured it against the data sheet and it agrees. That is rarer than it should be."),
        (4, "Frame stays square", "No gap at the edges even when swapped in a hurry."),
        (4, "", "Quiet enough for the offices above. Fitted in half a day."),
        (3, "Bracket not included",
         "Good unit, but the bracket has to be ordered with it. It stands under accessories."),
    ),
    "Storage & handling": (
        (5, "Takes the knocks", "A year of forklift drivers and still straight."),
        (4, "Easy to put up",
         "Two people, forty minutes, no tool missing. The manual is a drawing and that is enough."),
        (4, "", "Rolls quietly on tiles, brake holds on the ramp."),
        (3, "One wheel was tight", "Had to ease one wheel with oil. Since then no complaint."),
    ),
}  # fmt: skip
QUESTIONS = {
    "Fasteners": (
        ("Can these be used with a pneumatic driver at 6 bar?",
         "Yes, up to the torque in the data sheet. Set the driver a tenth below it for the coated ones, as they "
         "run easier."),
        ("Is the coating free of chromium(VI)?",
         "Yes. The statement is in the certificate of conformity of each lot; you find it by the number on the "
         "box."),
    ),
    "Safety": (
        ("May they be washed, and how often?",
         "Up to ten times at 40 °C, hung to dry. After that the protection class is no longer assured, so please "
         "replace them."),
        ("Is the material suitable for people with a latex allergy?",
         "It contains no latex at all. The sheet lists every material that touches the skin."),
    ),
    "Bearings & drives": (
        ("Up to which speed can it run with grease?",
         "Two thirds of the reference speed in the data sheet is a safe rule. Above that we suggest oil mist; ask "
         "us with your load."),
        ("Do you have it with more clearance for a hot shaft?",
         "We source it with C3 clearance within the lead time shown. Name it in the note of the line and we "
         "confirm it."),
    ),
    "Hydraulics & pneumatics": (
        ("Does it come with a seal, or is that ordered apart?",
         "The seal is in the bag. Spare seals stand under spare parts where there are any."),
        ("Is it suited to nitrogen instead of air?",
         "Yes, at the same pressure. Please see to it that the room is aired."),
    ),
    "Electrical": (
        ("Does it fit the 35 mm rail of the older series?", "Yes, the foot has been the same since 2009."),
        ("Which cross-section of fine wire do the terminals take?",
         "Up to 10 mm² with a ferrule, 6 mm² without. The drawing in the data sheet shows it."),
    ),
    "Cleaning & hygiene": (
        ("Can it be dosed by our wall unit?",
         "Yes, at one per cent. We set the unit for you with the first delivery if you order the service with it."),
        ("Is it approved for kitchens?",
         "Yes, after rinsing with clear water. The safety data sheet says so in section 7."),
    ),
    "Packaging": (
        ("Is the recycled share certified?", "It is. The certificate is with the documents, with the share by weight."),
        ("From what quantity do you print it?",
         "From 500 pieces, in one or two colours. The service stands below; artwork as PDF is enough."),
    ),
    "Lubricants & chemicals": (
        ("Can it be mixed with what is in the machine now?",
         "With mineral oil of the same class yes. With a synthetic of another base please drain first; we analyse "
         "a sample for you."),
        ("How long does an opened can keep?",
         "Two years closed and dry. The date of filling is the first part of the lot number."),
    ),
    "Tools": (
        ("Is a calibration certificate included?",
         "A works certificate is. A traceable one comes with the calibration service below, about five working "
         "days."),
        ("Do the older batteries fit?", "Those of the same voltage from 2018 on do."),
    ),
    "HVAC & plumbing": (
        ("What is the pressure drop at 1,000 m³/h?",
         "About 45 Pa when new. The curve is on page two of the data sheet."),
        ("Does it hold drinking water approval?",
         "The stainless and the brass ones do; the certificate is with the documents."),
    ),
    "Storage & handling": (
        ("Can the load be raised by adding a shelf?",
         "The load of a shelf stays the same, and the load of the bay is five times that of a shelf."),
        ("Are the feet made for an uneven floor?",
         "They level out up to 15 mm. Beyond that use the plates under accessories."),
    ),
}  # fmt: skip
WAITING = (
    "We want to run it around the clock from spring on. Would you still recommend this one?",
    "Can you send us two samples before we decide about the year's quantity?",
)
PRIVATE = (
    "What would you charge if we took the whole year's quantity in four calls?",
    "For our tender only: below your list by how much from 5,000 on, if we sign for two years?",
    "I send you an offer over the year in four calls by mail; the price then holds until next March.",
)
