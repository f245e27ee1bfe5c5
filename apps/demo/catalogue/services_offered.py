"""What is done to goods or at the customer's, ordered as lines like goods."""

from typing import NamedTuple


class Offered(NamedTuple):
    sku: str
    name: str
    category: str
    price: float
    uom: str
    summary: str
    drawing: str


SERVICES = (
    Offered(
        "SVC-CUT",
        "Cutting to length",
        "Cutting & machining",
        2.40,
        "cut",
        "Rod, pipe, cable, hose or chain cut to your length, ends deburred, bundled by your drawing number.",
        "cutting",
    ),
    Offered(
        "SVC-DRILL",
        "Drilling and punching by drawing",
        "Cutting & machining",
        14.00,
        "pc",
        "Enclosures and plates drilled or punched by your drawing, checked and photographed.",
        "cutting",
    ),
    Offered(
        "SVC-COAT",
        "Zinc flake coating",
        "Cutting & machining",
        0.09,
        "pc",
        "Fasteners coated black or silver by an audited partner, with a thickness report.",
        "assembly",
    ),
    Offered(
        "SVC-KIT",
        "Kitting by bill of material",
        "Kitting & labelling",
        0.85,
        "kit",
        "Your parts counted, bagged and labelled as one kit with one number, ready for the line.",
        "kitting",
    ),
    Offered(
        "SVC-LABEL",
        "Labelling with your part number",
        "Kitting & labelling",
        0.06,
        "pc",
        "Each bag or box labelled with your part number, order and bar code.",
        "kitting",
    ),
    Offered(
        "SVC-PRINT",
        "Printing with your logo",
        "Kitting & labelling",
        1.95,
        "pc",
        "Vests, helmets, tape and labels printed in up to four colours; a proof comes first.",
        "engraving",
    ),
    Offered(
        "SVC-HOSE",
        "Hydraulic hose assembly",
        "Assembly",
        9.50,
        "pc",
        "Hose cut, fittings pressed, tested to 1.5 times working pressure, tagged with date and pressure.",
        "assembly",
    ),
    Offered(
        "SVC-BRG",
        "Bearing fitting",
        "Assembly",
        18.00,
        "pc",
        "Bearing pressed onto your shaft or into your housing, run in and greased.",
        "assembly",
    ),
    Offered(
        "SVC-CAL",
        "Calibration with certificate",
        "Calibration",
        32.00,
        "pc",
        "Torque wrenches, gauges, calipers and slings checked in our laboratory, traceable certificate.",
        "calibration",
    ),
    Offered(
        "SVC-CALSITE",
        "Calibration at your site, per day",
        "Calibration",
        640.00,
        "day",
        "A technician with a mobile bench calibrates up to forty instruments a day at your site.",
        "calibration",
    ),
    Offered(
        "SVC-ENGR",
        "Laser engraving",
        "Kitting & labelling",
        3.20,
        "pc",
        "Tools and tags engraved with number, name or bar code.",
        "engraving",
    ),
    Offered(
        "SVC-INST",
        "Installation by our fitters, per hour",
        "On site",
        58.00,
        "h",
        "Two-person team with van; travel within 50 miles of a branch is included.",
        "installation",
    ),
    Offered(
        "SVC-VMI",
        "Shelf service, per visit",
        "On site",
        45.00,
        "visit",
        "We count your bins, refill them and clear expired goods; you see the list before it is ordered.",
        "installation",
    ),
    Offered(
        "SVC-AUDIT",
        "Safety walk with report",
        "On site",
        390.00,
        "day",
        "An adviser walks your site, notes what is missing or worn and sends a costed list.",
        "calibration",
    ),
    Offered(
        "SVC-TRAIN",
        "Training: working with abrasives",
        "On site",
        480.00,
        "day",
        "Half theory, half practice for up to ten people, with certificates.",
        "calibration",
    ),
    Offered(
        "SVC-OILTEST",
        "Oil analysis",
        "Calibration",
        41.00,
        "pc",
        "Sample kit, laboratory analysis and a reading of wear metals within five days.",
        "calibration",
    ),
)
