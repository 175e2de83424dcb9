# ruff: noqa: TID251  every picture is seeded by its item id
"""Drawings of candles."""

from random import Random

from paper import (
    COLOURS,
    GROUND,
    INK,
    LEAF,
    box,
    dark,
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
    taper,
)  # fmt: skip

FLAME = "#f0b541"
Row = dict[str, str]


def candle(row: Row, random: Random) -> str:
    """A candle: taper, pillar, jar, tin, dinner candles, tealights, garden pot."""
    colour = COLOURS[row["colour"]]
    kind = row["item_id"].split("-")[0]
    kinds = {
        "glimmet": beeswax_candle, "duskin": pillar_candle, "lanthorn": dinner_candles, "sootle": tealights,
        "midgely": garden_candle,
    }  # fmt: skip
    return kinds[kind](colour) if kind in kinds else jar_candle(kind, colour)


def flame(x: float, y: float, size: float = 1.0) -> str:
    """A flame whose foot is at (x, y), with its glow."""
    glow = patch(oval(x, y - 30 * size, 62 * size, 66 * size), "#f7d583", 'fill-opacity="0.4"')
    outer = f"M{x} {y}c-27 -4 -27 -36 0 -70c27 34 27 66 0 70z"
    inner = f"M{x} {y - 5}c-11 -2 -11 -16 0 -31c11 15 11 29 0 31z"
    wick = line(f"M{x} {y + 12}V{y - 8}", INK, 5)
    return glow + scale(shape(outer, FLAME) + patch(inner, "#fdf0c4"), size, x, y) + wick


def beeswax_candle(colour: str) -> str:
    """A candle of rolled comb on a dish."""
    comb = "".join(line(f"M222 {y}l116 -34", dark(colour, 0.16), 4) for y in range(210, 470, 22))
    dish = solid(
        f"M170 {GROUND - 22}H390Q380 {GROUND + 12} 340 {GROUND + 12}H220Q180 {GROUND + 12} 170 {GROUND - 22}Z",
        "#b98a55",
    )
    return flame(280, 172) + solid(box(236, 178, 88, 256, 10), colour, comb) + dish


def pillar_candle(colour: str) -> str:
    """A thick candle, dripping."""
    drip = patch("M200 230q20 60 34 0q10 96 40 0q16 40 30 0q20 70 56 0V190H200Z", light(colour, 0.16))
    return (
        flame(280, 204)
        + solid(box(206, 208, 148, 246, 16), colour, drip)
        + patch(oval(280, 217, 54, 8), dark(colour, 0.2))
    )


def dinner_candles(colour: str) -> str:
    """Three slim candles in their holders."""
    out = ""
    for x, top in ((196, 150), (280, 110), (364, 186)):
        out += flame(x, top - 4, 0.8) + solid(taper(x, top, 410, 15, 20, 6), colour)
        out += solid(
            f"M{x - 40} 404H{x + 40}L{x + 24} 436H{x + 38}Q{x + 44} {GROUND} {x} {GROUND}T{x - 38} 436H{x - 24}Z",
            "#b8a06a",
        )
    return out


def tealights(colour: str) -> str:
    """Five tealights."""
    out = ""
    for x, y in ((200, 372), (360, 372), (150, 436), (280, 440), (410, 436)):
        out += (
            flame(x, y - 30, 0.62)
            + solid(taper(x, y - 26, y + 18, 58, 54, 10), "#cfd2d0")
            + shape(oval(x, y - 26, 58, 15), colour)
        )
        out += line(f"M{x} {y - 26}v-10", INK, 5)
    return out


def garden_candle(colour: str) -> str:
    """A candle in a flower pot."""
    pot = taper(280, 300, GROUND, 122, 88, 16)
    rim = box(146, 272, 268, 46, 12)
    return (
        flame(280, 258, 1.15)
        + solid(pot, colour)
        + shape(oval(280, 274, 120, 18), "#f1e6cc")
        + line("M280 272V254", INK, 6)
        + solid(rim, mix(colour, "#ffffff", 0.08))
    )


def jar_candle(kind: str, colour: str) -> str:
    """A candle in a jar or a tin, its plant on the label."""
    low = kind == "bayle"
    top = 318 if low else 226
    half = 124 if low else 104
    glass = "#c9ced0" if low else "#e6ecea"
    wax = patch(box(280 - half, top + 42, 2 * half, 300), light(colour, 0.1))
    label = box(280 - 66, top + (56 if low else 96), 132, 62 if low else 92, 6)
    mark = {
        "figgis": leaf(280, top + 178, 70, 0, LEAF, 0.42),
        "pinnock": pine(280, top + 178),
        "bayle": sprig(280, top + 112, 42, LEAF, 2, 0.5),
    }[kind]
    body = solid(box(280 - half, top, 2 * half, GROUND - top, 22), colour if low else glass, "" if low else wax)
    mouth = shape(oval(280, top + 6, half - 3, 17), light(colour, 0.25) if low else "#f4f7f5")
    return (
        flame(280, top + (0 if low else 34), 0.95)
        + body
        + mouth
        + flame(280, top - 4, 0.95)
        + shape(label, "#f7f1e3", width=4)
        + mark
    )


def pine(x: float, y: float) -> str:
    """A small fir."""
    d = f"M{x} {y - 76}l24 30h-12l22 26h-68l22 -26h-12z"
    return shape(d, LEAF, width=4) + line(f"M{x} {y - 20}v14", INK, 5)
