"""The names that the shop's customers and products are made of."""

from typing import Final

REGIONS: Final = ("North", "South", "East", "West", "Abroad")
REGION_SHARES: Final = (30, 26, 17, 19, 8)
MANAGERS: Final = ("Wiebke Janßen", "Franz Obermüller", "Jana Kowalská", "Tim O'Connor", None)

CITIES: Final = {
    "North": ("Hamburg", "Bremen", "Kiel", "Lübeck", "Rostock", "Flensburg", "Oldenburg"),
    "South": ("München", "Nürnberg", "Augsburg", "Würzburg", "Ulm", "Freiburg", "Stuttgart"),
    "East": ("Berlin", "Leipzig", "Dresden", "Potsdam", "Görlitz", "Jena", "Erfurt"),
    "West": ("Köln", "Düsseldorf", "Münster", "Aachen", "Mönchengladbach", "Bonn", "Trier"),
    "Abroad": ("Zürich", "Wien", "Kraków", "Malmö", "Ghent", "Cork", "Besançon", "Αθήνα"),
}

_SURNAMES = (
    "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch "
    "Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann "
    "Lange Werner Krause Lehmann Köhler Maier Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß "
    "Jung Hahn Vogel Friedrich Keller Günther Frank Winkler Lorenz Baumann Kowalski Nowak Novák "
    "Horvath Rossi Moreau Lefèvre García Silva Jansen Larsen Öztürk Yılmaz O'Brien O'Neill "
    "MacLeod Petrović Dvořák Björk Ångström Papadopoulos Nguyen Haddad"
)
SURNAMES: Final = tuple(_SURNAMES.split())

# {} stands for a surname.
TRADES: Final = (
    "Bäckerei {}",
    "Café {}",
    "{} Interiors",
    "{} & Sons",
    "{} & Töchter",
    "Hotel {}",
    "Gasthof {}",
    "{} Gartenbau",
    "Praxis Dr. {}",
    "Kanzlei {}",
    "{} Office Supply",
    "{} GmbH",
    "{} KG",
    "Buchhandlung {}",
    "Floristik {}",
    "Studio {}",
    "{}, Inh. P. Vogt",
    "Kindergarten {}",
    "Apotheke {}",
    "{} Design",
)
PLACES: Final = ("am Markt", "am Hafen", "Nord", "Mitte", "Altstadt", "im Park", "am Tor")

# What a list of customers must bear: quotes, commas, other scripts, emoji, a leading "=".
NOTABLE_CUSTOMERS: Final = (
    ("=mc² Lehrmittel", "East", "Jena"),
    ('Café "Zum Löwen"', "South", "Ulm"),
    ("Rosa's Flowers 🌷", "West", "Bonn"),
    ("Smith, Jones & Co.", "Abroad", "Cork"),
    ("Καφέ Ελπίδα", "Abroad", "Αθήνα"),
    ("Магазин Ёлка", "Abroad", "Wien"),
    ("李记茶馆", "North", "Hamburg"),
    ("Sushi 山本", "West", "Düsseldorf"),
    ("서울 마트", "East", "Berlin"),
    ("Żółta Łódź Sp. z o.o.", "Abroad", "Kraków"),
    ("Herr & Frau Großmüller-Lüdenscheidt Wohnaccessoires und Geschenkideen", "West", "Köln"),
)

CUSTOMER_NOTES: Final = (
    "Pays by direct debit",
    'Says "no calls before ten"',
    "Key account; ask for Frau Özdemir",
    "Deliver to the back yard,\nthe front door is locked",
    "Loyal since the first catalogue 💛",
)
ORDER_NOTES: Final = (
    "Please ring twice",
    'Leave it with the neighbour, "Müller"',
    "Als Geschenk einpacken 🎁",
    "Delivery after 16:00; before that, nobody is in",
    "Invoice to the head office",
    "2nd try: the first parcel was damaged",
)

CHANNELS: Final = ("Web", "Phone", "Shop", "Fair")
CHANNEL_SHARES: Final = (64, 17, 16, 3)

# Category: things, from and to price in euro, and how well each month sells (1 = as usual).
CATEGORIES: Final[dict[str, tuple[tuple[str, ...], int, int, tuple[float, ...]]]] = {
    "Kitchen": (
        ("Chopping board", "Mug", "Carafe", "Bread tin", "Salad bowl", "Knife block", "Tea towel"),
        6,
        85,
        (0.9, 0.9, 0.9, 1.0, 1.0, 0.9, 0.9, 0.9, 1.0, 1.0, 1.3, 1.6),
    ),
    "Garden": (
        ("Watering can", "Planter", "Bird house", "Hand rake", "Lantern", "Deck chair", "Seed box"),
        8,
        140,
        (0.4, 0.6, 1.3, 1.9, 2.1, 1.7, 1.3, 1.0, 0.8, 0.6, 0.4, 0.4),
    ),
    "Office": (
        ("Desk tray", "Notebook", "Pen pot", "Wall planner", "Folder", "Paper clip tin", "Easel"),
        3,
        70,
        (1.5, 1.2, 1.0, 1.0, 0.9, 0.8, 0.8, 1.2, 1.4, 1.0, 1.0, 1.0),
    ),
    "Lighting": (
        ("Table lamp", "Pendant", "Floor lamp", "Night light", "Fairy lights", "Reading lamp"),
        15,
        260,
        (1.0, 1.0, 0.9, 0.8, 0.7, 0.6, 0.6, 0.8, 1.1, 1.4, 1.6, 1.5),
    ),
    "Textiles": (
        ("Wool blanket", "Cushion", "Bath towel", "Table cloth", "Door mat", "Curtain"),
        9,
        120,
        (1.2, 1.1, 1.0, 0.9, 0.8, 0.8, 0.7, 0.8, 1.0, 1.2, 1.3, 1.3),
    ),
    "Storage": (
        ("Basket", "Shoe rack", "Wall shelf", "Storage jar", "Coat hook", "Toy chest"),
        7,
        160,
        (1.4, 1.1, 1.0, 1.0, 1.0, 0.9, 0.9, 1.0, 1.1, 1.0, 0.9, 0.8),
    ),
    "Tools": (
        ("Screwdriver", "Spirit level", "Tape measure", "Tool bag", "Paint brush", "Hammer"),
        4,
        95,
        (0.8, 0.9, 1.2, 1.3, 1.3, 1.1, 1.0, 1.0, 1.0, 0.9, 0.8, 1.1),
    ),
    "Gifts": (
        ("Candle", "Music box", "Puzzle", "Card game", "Advent calendar", "Postcard set"),
        2,
        55,
        (0.5, 0.9, 0.7, 0.8, 1.0, 0.7, 0.6, 0.6, 0.8, 1.0, 2.0, 3.0),
    ),
}

STYLES: Final = (
    "oak",
    "birch",
    "white",
    "moss green",
    "linen",
    "café crème",
    "enamel",
    'round, 12"',
    "large",
    "small",
    "set of 4",
    "Ø 20 cm",
)
