# ruff: noqa: E501, TID251  coordinates read best on one line; every picture is seeded by its item id
"""Draw Wren's pictures: `python examples/wren/art/draw.py [item_id ...]` writes media/<item_id>.png and media/wren.png.

Every picture is drawn by code from the catalog row: the family gives the drawing, the row its kind, colour and material.
Needs resvg-py and numpy.
"""

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import resvg_py

sys.path.insert(0, str(Path(__file__).parent))
import baskets
import bath
import birds
import candles
import feeders
import garden
import kitchen
import planters
import seeds
from paper import COLOURS, SHEETS, SIZE, light, mix, scale, sheet
from png import read_rgba, write_palette

PROJECT = Path(__file__).parent.parent
DRAWINGS: dict[str, Callable[[dict[str, str], Random], str]] = {
    "kettles": kitchen.kettle, "mugs": kitchen.mug, "candles": candles.candle, "soap": bath.soap,
    "baskets": baskets.basket, "watering_cans": garden.watering_can, "gloves": garden.gloves, "hand_tools": garden.tool,
    "seeds": seeds.packet, "planters": planters.planter, "bird_feeders": feeders.feeder, "bird_food": birds.food,
}  # fmt: skip
HANGING = {"pecksey-feeder", "titling-feeder", "fattle-feeder", "windle-feeder", "hangley-planter"}
FLOATING = {"gloves", "hand_tools"}
GROWN = {"kettles": 1.16, "mugs": 1.24, "candles": 1.1, "seeds": 1.06, "hand_tools": 1.1, "soap": 1.06, "baskets": 1.04}
GROWN_ITEMS = {
    "thimlet-pots": 1.22,
    "sootle-tealights": 1.26,
    "bayle-candle": 1.28,
    "gorsley-gloves": 0.92,
    "lanthorn-candles": 1.0,
    "brindel-cup": 1.32,
    "hopwell-can": 1.14,
    "spinney-can": 1.08,
    "teasley-can": 1.06,
    "gloamer-mug": 1.14,
    "marrick-kettle": 1.08,
}


def picture(row: dict[str, str]) -> str:
    """One product's picture as SVG; the same row always gives the same picture."""
    seed = sum(ord(letter) * (i + 7) for i, letter in enumerate(row["item_id"]))
    paper = SHEETS[seed % len(SHEETS)]
    tint = mix(paper, light(COLOURS[row["colour"]], 0.7), 0.35)
    shadow = None if row["family"] in FLOATING or row["item_id"] in HANGING else (280, 170, 452)
    factor = GROWN_ITEMS.get(row["item_id"], GROWN.get(row["family"], 1.0))
    floor = 290 if row["family"] in FLOATING else 456
    drawing = scale(DRAWINGS[row["family"]](row, Random(seed)), factor, 280, floor)
    return sheet(drawing, tint, shadow)


def render(svg: str, colours: int, size: int = SIZE) -> bytes:
    """SVG to a small PNG."""
    return write_palette(read_rgba(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size))), colours)


def main(wanted: list[str]) -> None:
    """Draw the wanted items, or all of them and the mark."""
    media = PROJECT / "media"
    media.mkdir(exist_ok=True)
    with (PROJECT / "catalog" / "items.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if not wanted or row["item_id"] in wanted or row["family"] in wanted:
            (media / f"{row['item_id']}.png").write_bytes(render(picture(row), 44))
    if not wanted or "wren" in wanted:
        (media / "wren.png").write_bytes(render(birds.mark(), 40, 240))


if __name__ == "__main__":
    main(sys.argv[1:])
