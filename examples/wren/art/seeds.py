# ruff: noqa: E501, TID251  coordinates read best on one line; every picture is seeded by its item id
"""Drawings of what is sown: packets of seeds and bulbs."""

from random import Random

from paper import (
    COLOURS,
    INK,
    LEAF,
    dark,
    flower,
    leaf,
    light,
    line,
    mix,
    oval,
    patch,
    scale,
    shape,
    solid,
    sprig,
    turn,
)  # fmt: skip

Row = dict[str, str]


def bloom(kind: str, colour: str) -> str:
    """The plant that grows from the packet, standing at (280, 384)."""
    stem = line("M280 384V250", dark(LEAF, 0.3), 6) + leaf(280, 372, 66, 48) + leaf(280, 350, 60, -50)
    if kind == "rusket":
        return stem + flower(280, 236, 58, 5, colour, "#4a3a34", 0.62)
    if kind == "hummle":
        head = "".join(
            shape(oval(280 + x, 240 + y, 13, 15), "#f7efe6", width=3.5)
            for x, y in ((0, -34), (-22, -22), (22, -22), (-32, 0), (0, -8), (32, 0), (-18, 16), (18, 16))
        )
        trefoil = "".join(leaf(280, 330, 40, a, LEAF, 0.5) for a in (80, 140, 220, 280))
        return line("M280 384V250", dark(LEAF, 0.3), 6) + trefoil + head
    if kind == "skyle":
        return stem + flower(280, 236, 58, 11, colour, "#4d5f9a", 0.24)
    if kind == "butterby":
        return (
            stem + flower(280, 232, 68, 14, colour, "#7a4f30", 0.3) + shape(oval(280, 232, 27, 27), "#7a4f30", width=4)
        )
    if kind == "pipkin":
        cup = "M244 232C236 186 252 178 262 160L280 186L298 160C308 178 324 186 316 232C312 268 248 268 244 232Z"
        return (
            line("M280 384V250", dark(LEAF, 0.3), 7)
            + leaf(280, 386, 130, 22)
            + leaf(280, 386, 120, -24)
            + solid(cup, colour)
            + line("M280 188v40", dark(colour, 0.35), 4)
        )
    if kind == "trumpel":
        return (
            line("M280 384V250", dark(LEAF, 0.3), 7)
            + leaf(280, 386, 130, 18, fat=0.14)
            + leaf(280, 386, 120, -20, fat=0.14)
            + flower(280, 228, 66, 6, "#f5dc7c", "#e79a3a", 0.34)
            + shape(oval(280, 228, 27, 27), "#e79a3a")
            + line(oval(280, 228, 14, 14), dark("#e79a3a", 0.3), 4)
        )
    if kind == "globbet":
        dots = "".join(
            turn(
                line("M280 224V176", "#a07a9a", 4) + shape(oval(280, 170, 10, 10), colour, width=3.5), 24 * i, 280, 224
            )
            for i in range(15)
        )
        inner = "".join(
            turn(shape(oval(280, 196, 9, 9), light(colour, 0.2), width=3.5), 45 * i + 10, 280, 224) for i in range(8)
        )
        return (
            line("M280 384V240", dark(LEAF, 0.3), 7) + leaf(280, 386, 90, 40) + leaf(280, 386, 90, -40) + dots + inner
        )
    return sprig(280, 386, 170, "#7fa05a", 3, 0.46)


def packet(row: Row, random: Random) -> str:
    """A paper packet with the plant on it; bulbs or seeds in front."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    packet = "M158 110H402V434Q402 444 392 444H168Q158 444 158 434Z"
    fold = patch("M158 110H402V150H158Z", mix(colour, "#fff8ea", 0.3)) + line("M158 150H402", INK, 4)
    foot = patch("M158 392H402V450H158Z", mix(colour, "#fff8ea", 0.3)) + line("M158 392H402", INK, 4)
    label = line("M214 412h132M238 426h84", INK, 5)
    art = scale(bloom(kind, colour), 1.08, 280, 384)
    bulbs = ""
    if row["material"] == "flower bulbs":
        for x, y, a in ((150, 432, -10), (410, 430, 12), (352, 446, -4)):
            bulb = solid(
                f"M{x} {y - 70}C{x + 14} {y - 40} {x + 46} {y - 30} {x + 40} {y}Q{x + 30} {y + 24} {x} {y + 24}Q{x - 30} {y + 24} {x - 40} {y}C{x - 46} {y - 30} {x - 14} {y - 40} {x} {y - 70}Z",
                "#c2935c",
                line(
                    f"M{x} {y - 60}C{x - 12} {y - 20} {x - 12} {y} {x - 6} {y + 24}M{x + 4} {y - 50}C{x + 22} {y - 10} {x + 18} {y} {x + 14} {y + 20}",
                    "#96683c",
                    3.5,
                ),
            )
            bulbs += turn(bulb, a, x, y)
    else:
        bulbs = "".join(
            shape(
                oval(random.uniform(110, 220), random.uniform(440, 462), 7, 5, random.uniform(0, 90)),
                dark("#a5774c", 0.2),
                width=3,
            )
            for _ in range(12)
        )
    return turn(solid(packet, "#f8f1e1", fold + foot, 0.07, 0.8) + art + label, -4, 280, 300) + bulbs
