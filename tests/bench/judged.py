"""Searches over the demo catalogue with what they ought to find, judged by what products are, not by any engine.

A line is a search, the category that is meant, and what must be true of a product: values of attributes (each as it
begins). Three points for a product of the category with all of it, one for at least half of it, none otherwise; where
nothing but the category is meant, three for each of its products.
"""

WORDS = """
hex bolt | Hex bolts |
hex bolt m8 | Hex bolts | thread=M8
m8x40 bolt | Hex bolts | thread=M8 length_mm=40
M10 x 60 hex bolt stainless | Hex bolts | thread=M10 length_mm=60 material=Stainless
stainless a4 hex bolt | Hex bolts | material=Stainless A4
socket head cap screw m6 | Socket head screws | thread=M6
socket screw stainless a2 | Socket head screws | material=Stainless A2
din 912 | Socket head screws |
din 933 | Hex bolts |
coach bolt m12 | Coach bolts | thread=M12
threaded rod brass | Threaded rod | material=Brass
threaded rod 1000 mm | Threaded rod | length_mm=1000
hex nut m10 | Hex nuts | thread=M10
brass nuts | Hex nuts | material=Brass
lock nut nylon insert m8 | Locking nuts | thread=M8
flat washers m6 stainless | Flat washers | thread=M6 material=Stainless
spring washer m12 | Spring washers | thread=M12
wood screws 4 x 40 | Wood screws | diameter_mm=4 length_mm=40
self drilling screw | Self-drilling screws |
self-drilling screws zinc | Self-drilling screws | coating=Zinc
expansion bolt for concrete | Through bolts |
nylon plug red | Nylon plugs | colour=Red
blind rivets aluminium | Rivets | material=Aluminium
cut resistant gloves level d | Cut-resistant gloves | cut_level=D
cut resistant sleeve 450 mm | Protective sleeves | length_mm=450
nitrile coated glove black | Coated gloves | coating=Nitrile colour=Black
disposable nitrile gloves blue | Disposable gloves | material=Nitrile colour=Blue
powder free latex gloves | Disposable gloves | material=Latex
vinyl gloves large | Disposable gloves | material=Vinyl size=L
welding gauntlets | Leather gloves | shape=Welding
rigger gloves cowhide | Leather gloves | shape=Rigger material=Cowhide
safety helmet yellow | Head protection | colour=Yellow
vented helmet white | Head protection | shape=vented colour=White
safety glasses clear lens | Eye protection | coating=Clear
goggles | Eye protection | shape=goggle
folding ear muffs | Hearing protection | shape=Folding
ear plugs 200 pairs | Hearing protection | pieces=200
ffp3 mask | Respiratory protection | protection=FFP3
valved mask ffp2 | Respiratory protection | shape=Valved protection=FFP2
hi-vis vest orange | Hi-vis vests | colour=Orange
softshell jacket navy | Jackets | shape=Softshell colour=Navy
safety boots s3 | Footwear | shape=boot protection=S3
safety trainer black | Footwear | shape=trainer colour=Black
first aid kit | First aid | shape=First
eye wash | First aid | shape=Eye
ball bearing 2RS | Deep groove ball bearings | seal=2RS
deep groove bearing 20 mm bore | Deep groove ball bearings | bore_mm=20
tapered roller bearing | Tapered roller bearings |
pillow block cast iron | Housed units | shape=Pillow material=Cast
v-belt spa | V-belts | profile=SPA
roller chain 08B-1 | Roller chain | profile=08B-1
oil seal fkm | Seals | material=FKM
jaw coupling | Couplings | shape=Jaw
three phase motor 4 pole | Motors | poles=4
motor 0.55 kw ie4 | Motors | power_kw=0.55 rating=IE4
hydraulic hose 2SN | Hose | profile=2SN
ball valve brass | Valves | material=Brass
stainless ball valve actuated | Valves | material=Stainless shape=actuated
pneumatic cylinder compact | Cylinders | shape=compact
pneumatic tube 8 mm blue | Tube | outside_mm=8 colour=Blue
push-in elbow | Push-in fittings | shape=Elbow
pressure gauge 0-10 bar | Gauges | pressure_bar=10
hydraulic filter element | Filters |
cable gland brass | Glands | material=Brass
cable ties black | Cable ties | colour=Black
miniature circuit breaker curve c | Protection | rating=C
contactor 24 v coil | Switching | voltage_v=24
stainless enclosure ip66 | Enclosures | material=Stainless ip=IP66
industrial plug 32 a | Plugs & sockets | shape=Industrial plug current_a=32
aa batteries | Batteries | size=AA
lithium battery | Batteries | material=Lithium
floor cleaner pine | Cleaning agents | shape=Floor scent=Pine
hand sanitiser | Hand care | shape=Hand sanitiser
toilet roll | Paper | shape=Toilet
soap dispenser | Dispensers | shape=Soap
microfibre cloth red | Cloths & wipes | shape=Microfibre colour=Red
yard broom | Mops & brooms | shape=Yard
wheeled bin 60 l | Waste | shape=Wheeled volume_l=60
double wall box | Boxes | shape=Double
duct tape | Tape | shape=Duct
bubble wrap | Protective packaging | shape=Bubble
thermal labels | Labels & marking | shape=Thermal
plastic pallet | Pallets | material=Plastic
hydraulic oil vg 46 | Oils | shape=Hydraulic viscosity=ISO VG 46
food safe oil | Oils | food_safe=true
lithium grease | Greases | shape=Lithium
silicone spray | Sprays | shape=Silicone
threadlocker medium strength | Adhesives & sealants | shape=Threadlocker strength=medium
cordless combi drill 18v | Drills & drivers | shape=combi voltage_v=18
angle grinder 125 mm | Grinders & saws | shape=Angle diameter_mm=125
carbide drill bit | Metal drill bits | material=Carbide
sds max bit | Masonry bits | profile=max
flap disc grit 60 | Discs & abrasives | shape=Flap grit=60
combination spanner 10 mm | Spanners & sockets | shape=Combination width_mm=10
vde screwdriver | Screwdrivers & pliers | rating=VDE
claw hammer | Hammers & bars | shape=Claw
torque wrench 100 nm | Torque wrenches | torque_nm=100
digital caliper | Calipers & micrometers | shape=Digital
tape measure 3 m | Tapes & levels | shape=Tape length_m=3
bag filter f7 | Air filters | shape=bag filter_class=F7
axial fan | Fans | shape=Axial
copper pipe 22 mm | Pipe | material=Copper outside_mm=22
submersible pump | Pumps | shape=Submersible
braked castor rubber | Castors | shape=Braked material=Rubber
pallet truck | Trucks & trolleys | shape=Pallet
round sling 2000 kg | Lifting | shape=Round load_kg=2000
step ladder fibreglass | Ladders & steps | shape=Step material=Fibreglass
fire exit sign | Signs & marking | shape=Fire
"""

TYPOS = """
hex blot m8 | Hex bolts | thread=M8
stanless hex nut | Hex nuts | material=Stainless
nitirle gloves | Disposable gloves | material=Nitrile
saftey helmet | Head protection |
pnuematic cylinder | Cylinders |
hydrualic hose | Hose |
taperd roller bearing | Tapered roller bearings |
cirucit breaker | Protection |
threadloker | Adhesives & sealants | shape=Threadlocker
angel grinder | Grinders & saws | shape=Angle
microfiber cloth | Cloths & wipes | shape=Microfibre
ladder fibreglas | Ladders & steps | material=Fibreglass
"""

SIZES = """
hydraulic hose 12.7 mm | Hose | pipe_size=1/2"
ball valve 1/2 inch | Valves | pipe_size=1/2"
ball valve 19.05mm | Valves | pipe_size=3/4"
hex bolt 4 cm | Hex bolts | length_mm=40
threaded rod 1 m | Threaded rod | length_mm=1000
cordless drill 18 volt | Drills & drivers | voltage_v=18
castor 100mm | Castors | diameter_mm=100
hand soap 500 ml | Hand care | shape=Hand soap volume_l=0.5
lump hammer 500 g | Hammers & bars | shape=Lump mass_kg=0.5
screw driver slotted | Screwdrivers & pliers | shape=Slotted
cabletie black | Cable ties | colour=Black
ear muff | Hearing protection | shape=Ear
"""

# What products of a category are called in other languages, for the time of a measurement.
NAMES = {
    ("th", "Coated gloves"): "ถุงมือเคลือบยาง",
    ("th", "Hex bolts"): "สลักเกลียวหกเหลี่ยม",
    ("th", "Pumps"): "ปั๊มน้ำไฟฟ้า",
    ("ko", "Coated gloves"): "코팅 장갑",
    ("ko", "Hex bolts"): "육각볼트",
    ("ko", "Pumps"): "전동 펌프",
    ("vi", "Coated gloves"): "Găng tay phủ cao su",
    ("vi", "Hex bolts"): "Bu lông lục giác",
    ("vi", "Pumps"): "Máy bơm nước",
    ("fa", "Coated gloves"): "دستکش‌های روکش‌دار",
    ("fa", "Hex bolts"): "پیچ شش‌گوش",
    ("fa", "Pumps"): "پمپ آب",
}

LANGUAGES = """
ถุงมือ | Coated gloves |
สลักเกลียว | Hex bolts |
ปั๊มน้ำ | Pumps |
장갑 | Coated gloves |
육각 볼트 | Hex bolts |
펌프 | Pumps |
găng tay | Coated gloves |
gang tay | Coated gloves |
bu long luc giac | Hex bolts |
máy bơm | Pumps |
دستکش | Coated gloves |
دستكش | Coated gloves |
پیچ | Hex bolts |
پمپ آب | Pumps |
"""
