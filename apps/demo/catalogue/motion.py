"""Bearings, belts, chains, seals, couplings and motors."""

from apps.demo.catalogue.family import Family

BORES = (8, 10, 12, 15, 17, 20, 25, 30, 35, 40, 45, 50, 55, 60, 70, 80)
BEARING_MAKERS = ("Rotaval", "Nordhaven", "Kugelmark")
POWER = ("Rotaval", "Brennick")


def _ball_kg(values) -> float:
    return float(values["bore_mm"]) ** 2 * 1.05e-4 + 0.01


FAMILIES = (
    Family(
        "DGB",
        ("Bearings & drives", "Bearings", "Deep groove ball bearings"),
        "Deep groove ball bearing {profile}, bore {bore_mm} mm, {seal}",
        {
            "profile": ("60", "62", "63", "68", "69"),
            "bore_mm": BORES,
            "seal": ("Open", "ZZ shields", "2RS seals", "2RS C3"),
        },
        BEARING_MAKERS,
        lambda v: (1.1 + _ball_kg(v) * 19) * {"60": 0.9, "63": 1.4}.get(v["profile"], 1.0),
        _ball_kg,
        lambda v: ("bearing", "ball", v["seal"]),
        "Single row deep groove ball bearing of the {profile} series, {bore_mm} mm bore, {seal}.",
        "Electric motors, pumps, fans, gearboxes and conveyors.",
        fixed={"standard": "ISO 15", "material": "Chrome steel"},
        packs=(("Tube", 10), ("Carton", 100)),
        share=5,
        goes_with=("OSL", "GRS", "PBU"),
        services=("SVC-BRG",),
        documents=("data_sheet",),
    ),
    Family(
        "TRB",
        ("Bearings & drives", "Bearings", "Tapered roller bearings"),
        "Tapered roller bearing {profile}, bore {bore_mm} mm",
        {
            "profile": ("302", "303", "320", "322", "323"),
            "bore_mm": BORES[3:],
            "strength": ("Standard", "Case-hardened"),
        },
        BEARING_MAKERS,
        lambda v: 4.2 + _ball_kg(v) * 31,
        lambda v: _ball_kg(v) * 1.5,
        lambda v: ("bearing", "roller", "Open"),
        "Metric tapered roller bearing of the {profile} series for combined radial and axial load.",
        "Wheel hubs, gearboxes, spindles; fit in pairs.",
        fixed={"standard": "ISO 355"},
        packs=(("Carton", 20),),
        share=2,
        goes_with=("GRS", "OSL"),
        services=("SVC-BRG",),
    ),
    Family(
        "PBU",
        ("Bearings & drives", "Bearings", "Housed units"),
        "{shape} unit, shaft {bore_mm} mm, {material}",
        {
            "shape": ("Pillow block", "Two-bolt flange", "Four-bolt flange", "Take-up"),
            "bore_mm": (12, 15, 20, 25, 30, 35, 40, 50, 60),
            "material": ("Cast iron", "Stainless", "Thermoplastic"),
        },
        BEARING_MAKERS[:2],
        lambda v: (6 + v["bore_mm"] ** 1.6 * 0.06) * {"Stainless": 3, "Thermoplastic": 2.2}.get(v["material"], 1),
        lambda v: v["bore_mm"] ** 2 * 0.0011,
        lambda v: ("pillow_block", v["material"]),
        "{shape} housing of {material} with insert bearing and set screws for {bore_mm} mm shafts.",
        "Conveyors, washing lines and agricultural machines.",
        packs=(("Carton", 12),),
        goes_with=("GRS", "DGB"),
    ),
    Family(
        "VBT",
        ("Bearings & drives", "Belts & chains", "V-belts"),
        "V-belt {profile} {length_mm} mm",
        {
            "profile": ("SPZ", "SPA", "SPB", "SPC", "A", "B", "XPZ", "XPA"),
            "length_mm": (630, 710, 800, 900, 1000, 1120, 1250, 1400, 1600, 1800, 2000, 2240, 2500),
        },
        POWER,
        lambda v: 2.2 + v["length_mm"] * {"SPC": 0.019, "SPB": 0.011}.get(v["profile"], 0.006),
        lambda v: v["length_mm"] * 1.4e-4,
        lambda v: ("belt",),
        "Wrapped narrow V-belt {profile}, datum length {length_mm} mm, oil and heat resistant, antistatic.",
        "Fans, compressors, saws. Change belts of a drive as a matched set.",
        fixed={"antistatic": True, "material": "Rubber"},
        share=2,
        goes_with=("DGB",),
        documents=("data_sheet", "manual"),
    ),
    Family(
        "RCH",
        ("Bearings & drives", "Belts & chains", "Roller chain"),
        "Roller chain {profile}, {length_m} m, {material}",
        {
            "profile": ("06B-1", "08B-1", "10B-1", "12B-1", "16B-1", "08B-2", "12B-2", "16B-2"),
            "length_m": (1, 5, 10),
            "material": ("Steel", "Nickel-plated", "Stainless"),
        },
        POWER,
        lambda v: (
            v["length_m"]
            * int(v["profile"][:2]) ** 1.35
            * 0.36
            * (1.8 if "2" in v["profile"][-1] else 1)
            * {"Stainless": 4.2, "Nickel-plated": 1.7}.get(v["material"], 1)
        ),
        lambda v: v["length_m"] * int(v["profile"][:2]) * 0.09,
        lambda v: ("chain",),
        "Pre-stretched roller chain {profile} to ISO 606 with connecting link, {material}.",
        "Conveyors and drives; lubricate every 200 hours.",
        fixed={"standard": "ISO 606"},
        goes_with=("CHL",),
        services=("SVC-CUT",),
    ),
    Family(
        "OSL",
        ("Bearings & drives", "Seals"),
        "Oil seal {bore_mm} x {outside_mm} x {width_mm} mm, {material}",
        {
            "bore_mm": BORES[2:13],
            "outside_mm": (28, 35, 42, 47, 52, 62, 72),
            "width_mm": (7, 8, 10),
            "material": ("NBR", "FKM"),
        },
        ("Brennick", "Kugelmark"),
        lambda v: (0.9 + v["bore_mm"] * 0.035) * (3.4 if v["material"] == "FKM" else 1),
        lambda v: 0.02,
        lambda v: ("oil_seal",),
        "Rotary shaft seal with dust lip, {bore_mm} mm shaft, {material}.",
        "Gearboxes, pumps and axles. Oil the lip before fitting.",
        packs=(("Bag", 10),),
        share=2,
        goes_with=("DGB", "GRS"),
    ),
    Family(
        "CPL",
        ("Bearings & drives", "Couplings"),
        "{shape} coupling, bore {bore_mm} mm, {torque_nm} Nm",
        {
            "shape": ("Jaw", "Bellows", "Rigid", "Gear"),
            "bore_mm": (8, 10, 14, 19, 24, 28, 38, 42),
            "torque_nm": (10, 35, 95, 190, 450),
            "material": ("Aluminium", "Steel"),
        },
        ("Brennick", "Rotaval"),
        lambda v: 12 + v["torque_nm"] * 0.16 + v["bore_mm"] * 0.5,
        lambda v: 0.1 + v["torque_nm"] * 0.005,
        lambda v: ("coupling",),
        "{shape} coupling of {material}, backlash-free, up to {torque_nm} Nm.",
        "Pumps, positioning drives, conveyors.",
        warranty_months=12,
    ),
    Family(
        "MOT",
        ("Bearings & drives", "Motors"),
        "Three-phase motor {power_kw} kW, {poles}-pole, {shape}",
        {
            "power_kw": (0.18, 0.25, 0.37, 0.55, 0.75, 1.1, 1.5, 2.2, 3, 4, 5.5, 7.5, 11),
            "poles": (2, 4, 6),
            "shape": ("foot B3", "flange B5", "face B14"),
            "rating": ("IE3", "IE4"),
        },
        ("Rotaval", "Ampere & Sons"),
        lambda v: 88 + v["power_kw"] * 74 + 10 * v["poles"],
        lambda v: 4 + v["power_kw"] * 8.2,
        lambda v: ("motor",),
        "Low-voltage motor {power_kw} kW, efficiency class {rating}, {shape} mounting, with thermistors.",
        "Fans, pumps, conveyors; suited to inverters.",
        fixed={"voltage_v": 400, "ip": "IP55", "standard": "IEC 60034"},
        lead_days=20,
        warranty_months=24,
        goes_with=("CPL", "CTR", "DGB"),
        services=("SVC-INST", "SVC-CAL"),
        documents=("data_sheet", "manual"),
        share=1.5,
    ),
)
