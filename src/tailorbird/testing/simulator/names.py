"""Names for people who do not exist."""

import unicodedata

FIRST_NAMES: dict[str, tuple[str, ...]] = {
    "en-GB": (
        *("Ada", "Alfie", "Amara", "Beth", "Callum", "Cerys", "Dev", "Edie", "Eleri", "Esme", "Fergus", "Freya"),
        *("Gethin", "Harriet", "Imran", "Isla", "Jonah", "Keira", "Lachlan", "Maisie", "Meera", "Morag", "Nia"),
        *("Oscar", "Poppy", "Priya", "Rafe", "Rhona", "Rory", "Saoirse", "Tamsin", "Theo", "Uma", "Wilf", "Zara"),
    ),
    "de-DE": (
        *("Anneke", "Beate", "Björn", "Carla", "Dörte", "Emre", "Fenja", "Frieda", "Greta", "Hanno", "Ines", "Jörg"),
        *("Jule", "Kerstin", "Lasse", "Leyla", "Malte", "Marlene", "Moritz", "Nele", "Ole", "Petra", "Rieke", "Silke"),
        *("Sönke", "Thea", "Til", "Ulla", "Vera", "Wiebke", "Xaver", "Yasmin"),
    ),
}
SURNAMES: dict[str, tuple[str, ...]] = {
    "en-GB": (
        *("Ashcombe", "Barrowlea", "Cawdry", "Dunmarsh", "Ellwick", "Fenhallow", "Garsdale", "Hobbleton", "Inchmere"),
        *("Kelbrook", "Larkhill", "Mossgrave", "Netherby", "Oxmoor", "Penhale", "Quillfeather", "Rushbeck", "O'Sedge"),
        *("Thornaby", "Underfold", "Wrenfield", "Yarrowgate"),
    ),
    "de-DE": (
        *("Amselgrund", "Birkenau", "Dornbusch", "Eichholz", "Falkenried", "Gänseblum", "Haselbrink", "Immergrün"),
        *("Kornblatt", "Lindwurm", "Moosbach", "Nebelung", "Ostermoor", "Pappelhain", "Rosenthaler", "Schlehdorn"),
        *("Tannreuth", "Uferkamp", "von Weidenbrück", "Zaunkönig"),
    ),
}
DOMAINS: tuple[str, ...] = ("example.com", "example.org", "example.net")
"""Domains that are set aside for examples: no mail sent there reaches anybody."""

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def address_of(first_name: str, surname: str, number: int) -> str:
    """An ASCII e-mail address at an example domain, unique by `number`."""
    letters = f"{first_name}.{surname}".lower().translate(_GERMAN)
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    local = "".join(character for character in plain if character.isalnum() or character == ".")
    return f"{local}.{number}@{DOMAINS[number % len(DOMAINS)]}"
