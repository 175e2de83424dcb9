"""English, for the fact check."""

from tailorbird.stages.facts.language import Language, bounds_of, forms_by, split_phrases, split_words

ENGLISH = Language(
    code="en",
    denials=frozenset(
        [
            "no",
            "not",
            "never",
            "without",
            "neither",
            "nor",
            "none",
            "cannot",
            "can't",
            "won't",
            "isn't",
            "aren't",
            "wasn't",
            "weren't",
            "doesn't",
            "don't",
            "didn't",
            "hasn't",
            "haven't",
            "hadn't",
            "lacks",
            "lack",
            "lacking",
            "excludes",
            "excluding",
            "except",
            "nothing",
            "missing",
        ]
    ),
    denial_prefixes=("non",),
    denial_suffixes=("free", "less"),
    not_denials=tuple(
        tuple(phrase.split())
        for phrase in split_phrases(
            "not only, not just, not merely, no wonder, no need, no doubt, why not, no matter, no longer need, "
            "not to mention, no less than, not least, nothing but, no trouble, no problem, no fuss, no hurry, no rush"
        )
    ),
    resumes=frozenset(["but", "yet", "however", "though", "although", "while", "whereas", "instead", "just", "only"]),
    bounds=bounds_of(
        {
            "about": "about, around, approximately, roughly, approx, circa, ca, some",
            "nearly": "nearly, almost, just under, close to, not quite",
            "over": "over, more than, above, in excess of, upwards of, greater than, beyond, exceeding",
            "at_least": "at least, no less than, not less than, minimum of, a minimum of, min",
            "at_most": "at most, no more than, not more than, maximum of, within",
            "under": "under, below, less than, fewer than, lower than",
            "from": "from, starting at, starting from, from just, from only",
            "up_to": "up to, as much as, as many as, as long as",
        }
    ),
    ranges=frozenset({"to", "and", "through", "till"}),
    months={
        name: number
        for number, names in enumerate(
            [
                "january jan",
                "february feb",
                "march mar",
                "april apr",
                "may",
                "june jun",
                "july jul",
                "august aug",
                "september sept sep",
                "october oct",
                "november nov",
                "december dec",
            ],
            1,
        )
        for name in names.split()
    },
    weekdays={
        name: number
        for number, names in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
        for name in (names, names + "s")
    },
    days={"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1},
    idle=frozenset(
        [
            "a",
            "an",
            "the",
            "of",
            "in",
            "on",
            "at",
            "to",
            "for",
            "from",
            "with",
            "by",
            "and",
            "or",
            "per",
            "each",
            "its",
            "it",
            "is",
            "are",
            "was",
            "has",
            "have",
            "this",
            "that",
            "your",
            "you",
            "our",
            "quantity",
            "number",
            "value",
            "type",
            "total",
        ]
    ),
    everyday=split_words(
        "box bag desk basket email mail page kitchen home house office garden display screen cable battery "
        "print printing printed paper cartridge shop store save all left right top bottom front back side "
        "door table chair room wall floor light dark open closed start stop power volume data clock help "
        "support supported included port output input colour color label labels key keys set case cover "
        "bottle can pot book card cards phone mobile camera music video game games day night water air heat "
        "hand foot head body family kids child adult man men woman women car travel sport work school tray "
        "type line letter message guide manual processor printer toner ink memory keyboard mouse speaker "
        "monitor laptop notebook tablet adapter charger headset cleaner paste lamp cup plate knife brush seat "
        "bed sofa shelf rack drive disk chip storage feeder tape film wide high low long short small large "
        "big full empty fast slow soft hard"
    ),
    closed=forms_by(
        {
            "colour": "red blue green yellow black white grey gray pink purple orange brown beige turquoise silver "
            "gold navy cream ivory khaki maroon magenta cyan violet lilac teal burgundy crimson scarlet",
            "material": "steel wood oak pine beech walnut leather cotton wool linen silk polyester plastic glass "
            "copper brass aluminium aluminum iron ceramic porcelain stoneware bamboo rubber silicone "
            "nylon acrylic marble granite concrete wicker rattan cork felt velvet suede cashmere",
        }
    ),
    assertions={
        "superlative": split_phrases(
            "best, the finest, finest, greatest, cheapest, fastest, lightest, strongest, smallest, largest, biggest, "
            "thinnest, quietest, longest, highest, lowest, most advanced, most powerful, most popular, most reliable, "
            "most durable, the most, number one, no. 1, no 1, #1, leading, market leading, world class, ultimate, "
            "unrivalled, unrivaled, unbeatable, unmatched, unparalleled, second to none, no other product, no other, "
            "nothing on the market, nothing else, none better, world's first, worlds first, "
            "the only, one of a kind, top rated, best selling, bestselling, best in class, award winning, perfect, "
            "outstanding, finest in its class, easiest, safest, toughest, brightest, sharpest, most efficient, "
            "most accurate, top of the range, superior, revolutionary, never been better"
        ),
        "comparative": split_phrases(
            "better than, faster than, cheaper than, lighter than, stronger than, quieter than, smaller than, "
            "larger than, longer than any, more than any, than any other, than ever, than the competition, "
            "than others, than before, twice as, three times as, outperforms, beats every, beats all"
        ),
        "certification": split_phrases(
            "certified, certificate, approved by, dermatologically tested, clinically tested, clinically proven, "
            "scientifically proven, lab tested, laboratory tested, doctor recommended, recommended by, accredited, "
            "energy star, fair trade, fairtrade, organic, fda approved, patented, awarded, tüv, rohs, ce marked"
        ),
        "health": split_phrases(
            "cures, cure, heals, heal, healing, treats, relieves, relief from, prevents, detox, detoxifies, boosts "
            "immunity, immune system, weight loss, lose weight, anti-ageing, anti-aging, healthy, healthier, "
            "good for your health, therapeutic, medical grade, hypoallergenic, non-toxic, antibacterial, antiviral"
        ),
        "guarantee": split_phrases(
            "guaranteed, guarantee, guarantees, money back, risk free, risk-free, no risk, always works, never fails, "
            "never breaks, unbreakable, indestructible, lasts forever, for life, lifetime, 100 % safe, "
            "completely safe, "
            "everlasting, always, never, flawless, flawlessly, zero risk, foolproof, fail-safe, in every case, "
            "under all conditions, unlimited, absolutely, without exception"
        ),
        "free": split_phrases(
            "free of charge, for free, free gift, free delivery, free shipping, free returns, free trial, at no cost, "
            "at no extra cost, no charge, complimentary, on the house, for nothing, buy one get one"
        ),
        "availability": split_phrases(
            "in stock, out of stock, sold out, back in stock, available now, available today, ready to ship, "
            "available immediately, while stocks last, last few, last one, almost gone, nearly gone, selling fast, "
            "limited stock, limited edition, low in stock, only a few left, pre-order, back again"
        ),
        "delivery": split_phrases(
            "next day delivery, next-day delivery, same day delivery, same-day delivery, delivered tomorrow, "
            "delivered today, express delivery, express shipping, ships today, ships tomorrow, overnight delivery, "
            "worldwide delivery, worldwide shipping, get it tomorrow, arrives tomorrow, with you tomorrow, "
            "here tomorrow, get it today, arrives today"
        ),
        "warranty": split_phrases(
            "warranty, extended warranty, lifetime warranty, money back guarantee, money-back guarantee, free returns, "
            "easy returns, no quibble returns"
        ),
        "property": split_phrases(
            "waterproof, water-resistant, water resistant, splashproof, shockproof, dustproof, rustproof, fireproof, "
            "dishwasher safe, microwave safe, oven safe, machine washable, wireless, cordless, rechargeable, "
            "biodegradable, recyclable, compostable, eco-friendly, environmentally friendly, carbon neutral, "
            "climate neutral, sustainable, vegan, cruelty free, handmade, hand made, handcrafted, genuine, authentic, "
            "exclusive, refurbished, second hand, brand new, scratch resistant, scratchproof, unscented, fragrance free"
        ),
    },
)
