"""The attributes and values of the product file as a German catalog has them."""

from collections.abc import Mapping
from dataclasses import replace

from tailorbird.types.fact import Fact

FIXED = {"brand": "Marke", "price": "Preis", "date released": "Erscheinungsdatum", "was price": "früherer Preis",
         "offer ends": "Angebot endet"}  # fmt: skip
NAMES = {
    "weight": "Gewicht", "width": "Breite", "height": "Höhe", "depth": "Tiefe", "package weight": "Verpackungsgewicht",
    "cable length": "Kabellänge", "display diagonal": "Bildschirmdiagonale", "battery capacity": "Akkukapazität",
    "battery life max": "maximale Akkulaufzeit", "output power": "Ausgangsleistung",
    "total storage capacity": "Speicherkapazität", "ssd capacity": "SSD-Kapazität", "hdd capacity": "HDD-Kapazität",
    "response time": "Reaktionszeit", "display brightness": "Helligkeit", "colour ink volume": "Tintenvolumen",
    "power consumption typical": "Leistungsaufnahme", "quantity per pack": "Stück pro Packung",
    "black toner page yield": "Seitenreichweite", "page yield": "Seitenreichweite",
    "hdmi ports quantity": "HDMI-Anschlüsse", "usb 2 0 ports quantity": "USB-2.0-Anschlüsse",
    "number of built in speakers": "eingebaute Lautsprecher", "operating temperature t t": "Betriebstemperatur",
    "storage temperature t t": "Lagertemperatur", "product colour": "Farbe", "cable colour": "Kabelfarbe",
    "printing colours": "Druckfarbe", "material": "Material", "housing material": "Gehäusematerial",
    "country of origin": "Herkunftsland", "connectivity technology": "Verbindung",
    "brand compatibility": "kompatible Marken", "battery technology": "Akkutechnik",
    "protection features": "Schutz", "bluetooth": "Bluetooth", "wi fi": "WLAN", "touchscreen": "Touchscreen",
    "card reader integrated": "Kartenleser", "built in microphone": "eingebautes Mikrofon",
    "built in camera": "eingebaute Kamera", "ethernet lan": "Netzwerkanschluss", "fm radio": "UKW-Radio",
    "fingerprint reader": "Fingerabdrucksensor", "numeric keypad": "Ziffernblock", "rechargeable": "wiederaufladbar",
    "duplex printing": "beidseitiger Druck", "batteries included": "Batterien enthalten",
    "backlight": "Hintergrundbeleuchtung",
}  # fmt: skip
VALUES = {
    "Black": "Schwarz", "White": "Weiß", "Grey": "Grau", "Silver": "Silber", "Blue": "Blau", "Red": "Rot",
    "Green": "Grün", "Yellow": "Gelb", "Pink": "Rosa", "Brown": "Braun", "Orange": "Orange", "Purple": "Lila",
    "Beige": "Beige", "Gold": "Gold", "Cyan": "Cyan", "Magenta": "Magenta", "Transparent": "Transparent",
    "Plastic": "Kunststoff", "Nylon": "Nylon", "Aluminium": "Aluminium", "Steel": "Stahl", "Metal": "Metall",
    "Polycarbonate": "Polycarbonat", "Leather": "Leder", "Wood": "Holz", "Glass": "Glas", "Rubber": "Gummi",
    "Silicone": "Silikon", "Polyester": "Polyester", "Stainless steel": "Edelstahl", "Neoprene": "Neopren",
    "China": "China", "Japan": "Japan", "Germany": "Deutschland", "Singapore": "Singapur", "Mexico": "Mexiko",
    "Netherlands": "Niederlande", "Taiwan": "Taiwan", "Switzerland": "Schweiz", "Portugal": "Portugal",
    "South Korea": "Südkorea", "Vietnam": "Vietnam", "Spain": "Spanien", "Italy": "Italien", "France": "Frankreich",
    "Wired": "Kabelgebunden", "Wireless": "Kabellos", "Alkaline": "Alkaline", "Lithium-Ion (Li-Ion)": "Lithium-Ionen",
    "Nickel-Metal Hydride (NiMH)": "Nickel-Metallhydrid", "Lithium Polymer (LiPo)": "Lithium-Polymer",
    "Scratch resistant": "Kratzfest", "Dust resistant": "Staubabweisend", "Waterproof": "Wasserdicht",
    "Water resistant": "Wasserabweisend", "Shock resistant": "Stoßfest", "Splash proof": "Spritzwassergeschützt",
    "Epson": "Epson", "HP": "HP", "Xerox": "Xerox", "Canon": "Canon", "OKI": "OKI", "Brother": "Brother",
    "Samsung": "Samsung", "Lexmark": "Lexmark",
}  # fmt: skip


def translate(fact: Fact) -> Fact | None:
    """The fact in German; None where its name or its value is not known here."""
    name = NAMES.get(fact.name)
    value = VALUES.get(fact.value) if isinstance(fact.value, str) else fact.value
    return None if name is None or value is None else replace(fact, name=name, value=value)


def vocabularies(
    english: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The vocabularies in German."""
    found = {
        NAMES[name]: {VALUES[value]: () for value in values if value in VALUES}
        for name, values in english.items()
        if name in NAMES
    }
    return {name: values for name, values in found.items() if values} | {"Marke": english["brand"]}
