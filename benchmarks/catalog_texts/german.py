"""German phrasings, as in `english`. Names are the German attribute names of `german_catalog`."""

MEASURES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "weight": (("wiegt @", "bringt @ auf die Waage"), ("einem Gewicht von @",)),
    "width": (("ist @ breit", "misst @ in der Breite"), ("einer Breite von @",)),
    "height": (("ist @ hoch",), ("einer Höhe von @",)),
    "depth": (("ist @ tief",), ("einer Tiefe von @",)),
    "package_weight": (("wiegt samt Verpackung @",), ("einem Verpackungsgewicht von @",)),
    "cable_length": (("hat ein Kabel von @ Länge", "hat ein @ langes Kabel"), ("einem Kabel von @",
        "einer Kabellänge von @")),
    "display_diagonal": (("hat einen Bildschirm mit @",), ("einer Bildschirmdiagonale von @",)),
    "battery_capacity": (("hat einen Akku mit @",), ("einer Akkukapazität von @",)),
    "battery_life__max_": (("läuft @ mit einer Ladung",), ("einer Akkulaufzeit von @",)),
    "total_storage_capacity": (("speichert @",), ("einer Speicherkapazität von #",)),
    "ssd_capacity": (("hat eine SSD mit #",), ("einer SSD mit #",)),
    "response_time": (("hat eine Reaktionszeit von #",), ("einer Reaktionszeit von #",)),
    "colour_ink_volume": (("fasst @ Tinte",), ("@ Tinte",)),
}  # fmt: skip
COUNTS = {
    "hdmi_ports_quantity": ("HDMI-Anschluss", "HDMI-Anschlüsse"), "usb_2_0_ports_quantity": ("USB-2.0-Anschluss",
        "USB-2.0-Anschlüsse"),
    "number_of_built_in_speakers": ("eingebauter Lautsprecher", "eingebaute Lautsprecher"),
    "quantity_per_pack": ("Stück pro Packung", "Stück pro Packung"), "page_yield": ("Seite", "Seiten"),
    "black_toner_page_yield": ("Seite", "Seiten"),
}  # fmt: skip
COUNT_PATTERNS = (("bietet @", "hat @"), ())
YIELD_PATTERNS = (("reicht für @",), ("einer Reichweite von @",))
VALUES: dict[str, tuple[tuple[tuple[str, str], ...], tuple[str, ...]]] = {
    "product_colour": ((("ist @", "ist nicht @"), ("kommt in @", "kommt nicht in @")), ("einem Gehäuse in @",)),
    "cable_colour": ((("hat ein Kabel in @", "hat kein Kabel in @"),), ("einem Kabel in @",)),
    "printing_colours": ((("druckt in @", "druckt nicht in @"),), ()),
    "material": ((("besteht aus @", "besteht nicht aus @"), ("ist aus @ gefertigt", "ist nicht aus @ gefertigt")), ()),
    "housing_material": ((("hat ein Gehäuse aus @", "hat kein Gehäuse aus @"),), ("einem Gehäuse aus @",)),
    "country_of_origin": ((("wird in @ hergestellt", "wird nicht in @ hergestellt"), ("stammt aus @",
        "stammt nicht aus @")), ()),
    "brand_compatibility": ((("passt zu Geräten von @", "passt nicht zu Geräten von @"),), ()),
    "connectivity_technology": ((("ist @", "ist nicht @"), ("arbeitet @", "arbeitet nicht @")), ()),
    "battery_technology": ((("läuft mit einem Akku vom Typ @", "läuft nicht mit einem Akku vom Typ @"),), ()),
    "protection_features": ((("ist @", "ist nicht @"),), ()),
}  # fmt: skip
LOWER = {"connectivity_technology", "protection_features"}
LOWER_AFTER_IS = {"product_colour"}
THINGS = {
    "bluetooth": "Bluetooth", "wi_fi": "WLAN", "touchscreen": "einen Touchscreen",
        "card_reader_integrated": "einen Kartenleser",
    "built_in_microphone": "ein eingebautes Mikrofon", "built_in_camera": "eine eingebaute Kamera",
    "ethernet_lan": "einen Netzwerkanschluss", "fm_radio": "ein UKW-Radio",
        "fingerprint_reader": "einen Fingerabdrucksensor",
    "numeric_keypad": "einen Ziffernblock", "backlight": "eine Hintergrundbeleuchtung",
}  # fmt: skip
QUALITIES = {"rechargeable": "wiederaufladbar"}
HAS = (("hat @", "hat k@"), ("bietet @", "bietet k@"), ("verfügt über @", "verfügt nicht über @"))
IS = (("ist @", "ist nicht @"),)
ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {}
UNNAMED_THINGS: tuple[tuple[str, str], ...] = ()
RANGE_VERBS = {
    "operating_temperature__t_t_": ("arbeitet bei Temperaturen @",),
    "storage_temperature__t_t_": ("lässt sich bei Temperaturen @ lagern",),
}
FRAMES = (
    "Das Modell {N} {V} und {V}.",
    "Neu im Shop: {N} mit {n}.",
    "Der Artikel {N} {V}. Außerdem gilt: Er {V}.",
    "{N}: {s}; {s}.",
    "{N} auf einen Blick:\n- {S}\n- {S}",
    "Das Modell {M} von {B} {V}.",
    "Lernen Sie {N} kennen. Das Modell {V}.",
    "Mit {n} {V} das Modell {N}.",
    "Gut zu wissen: Das Modell {N} {V} und {V}.",
    "Noch im Warenkorb: {N}. Das Modell {V}.",
    "{N} – mit {n}.",
    "Von {B} kommt das Modell {M}. Es {V} und {V}.",
    "Was kann {N}? Das Modell {V}, und es {V}.",
    "Unser {N} {V} und {V}.",
    "Sie suchen {N}? Das Modell {V}.",
    "Fakten zu {N}: {s}, {s}.",
    "Es {V} und {V}: das Modell {N}.",
)
CLOSINGS = (
    "",
    "",
    "",
    "Schauen Sie vorbei.",
    "Fragen? Antworten Sie einfach auf diese Mail.",
    "Mehr auf der Produktseite.",
)
PRICES = ("Es kostet {P}.", "Für {P}.", "Preis: {P}.", "Sie zahlen {P}.", "Zu haben für {P}.")
REDUCED = (
    "Jetzt {P} statt {W}.",
    "Sie sparen {R}: {P} statt {W}.",
    "Um {R} reduziert, von {W} auf {P}.",
    "Vorher {W}, jetzt {P}.",
)
RELEASED = ("Erschienen ist es am {D}.", "Auf dem Markt seit dem {D}.")
RELEASED_LOOSE = ("Auf dem Markt seit {L}.", "Erschienen: {L}.")
ENDING = ("Das Angebot endet am {E}.", "Das Angebot gilt bis zum {E}.")
