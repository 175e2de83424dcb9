"""German, for the fact check."""

from tailorbird.stages.facts.language import Language, bounds_of, forms_by, split_phrases, split_words

GERMAN = Language(
    code="de",
    denials=frozenset(
        [
            "kein",
            "keine",
            "keinen",
            "keinem",
            "keiner",
            "keines",
            "nicht",
            "nie",
            "niemals",
            "ohne",
            "weder",
            "noch",
            "nichts",
            "fehlt",
            "fehlen",
            "ausser",
            "exklusive",
            "ausgenommen",
            "mangels",
        ]
    ),
    denial_prefixes=("non",),
    denial_suffixes=("frei", "freie", "freier", "freies", "freien", "los", "lose", "loses", "loser"),
    not_denials=tuple(
        tuple(phrase.split())
        for phrase in split_phrases(
            "nicht nur, nicht bloss, kein wunder, kein problem, keine sorge, keine eile, warum nicht, nicht zuletzt, "
            "nicht weniger als, noch heute, noch einmal, noch mehr, immer noch, nur noch, noch bis, noch immer"
        )
    ),
    resumes=frozenset(["aber", "sondern", "jedoch", "doch", "dafür", "stattdessen", "obwohl", "während", "dagegen"]),
    bounds=bounds_of(
        {
            "about": "etwa, ungefähr, rund, circa, ca, um die, zirka",
            "nearly": "fast, beinahe, knapp, nahezu",
            "over": "über, mehr als, gut, grösser als",
            "at_least": "mindestens, wenigstens, nicht weniger als, minimum",
            "at_most": "höchstens, maximal, nicht mehr als, innerhalb von, binnen",
            "under": "unter, weniger als",
            "from": "ab, schon ab, bereits ab, von",
            "up_to": "bis zu, bis",
        }
    ),
    ranges=frozenset({"bis", "und"}),
    months={
        name: number
        for number, names in enumerate(
            [
                "januar jan jänner",
                "februar feb",
                "märz",
                "april apr",
                "mai",
                "juni jun",
                "juli jul",
                "august aug",
                "september sept sep",
                "oktober okt",
                "november nov",
                "dezember dez",
            ],
            1,
        )
        for name in names.split()
    },
    weekdays={
        name: number
        for number, names in enumerate(
            ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag sonnabend", "sonntag"]
        )
        for name in names.split()
    },
    days={"heute": 0, "morgen": 1, "gestern": -1},
    idle=frozenset(
        [
            "ein",
            "eine",
            "einen",
            "einem",
            "einer",
            "der",
            "die",
            "das",
            "den",
            "dem",
            "des",
            "von",
            "in",
            "im",
            "an",
            "am",
            "auf",
            "aus",
            "bei",
            "zu",
            "zum",
            "zur",
            "für",
            "mit",
            "und",
            "oder",
            "pro",
            "je",
            "ist",
            "sind",
            "hat",
            "haben",
            "dieser",
            "diese",
            "dieses",
            "anzahl",
            "wert",
            "typ",
            "gesamt",
        ]
    ),
    everyday=split_words(
        "box tasche tisch korb warenkorb mail seite küche haus büro garten bildschirm anzeige kabel akku "
        "batterie druck papier patrone laden alle links rechts oben unten vorn hinten tür zimmer wand boden "
        "licht start strom daten uhr hilfe ausgang eingang farbe etikett taste set hülle flasche dose topf "
        "buch karte telefon kamera musik tag nacht wasser luft hand fuss kopf familie kind auto reise sport "
        "arbeit schule art zeile brief anleitung breit hoch niedrig lang kurz klein gross voll leer schnell "
        "langsam weich hart"
    ),
    closed=forms_by(
        {
            "colour": "rot blau grün gelb schwarz weiss grau rosa lila orange braun beige türkis silber silbern "
            "gold golden creme violett magenta cyan bordeaux",
            "material": "stahl edelstahl holz eiche kiefer buche nussbaum leder baumwolle wolle leinen seide "
            "polyester kunststoff plastik glas kupfer messing aluminium eisen keramik porzellan steingut "
            "bambus gummi silikon nylon acryl marmor granit beton rattan kork filz samt kaschmir",
        }
    ),
    assertions={
        "superlative": split_phrases(
            "der beste, die beste, das beste, beste, besten, bester, bestes, am besten, günstigste, günstigsten, "
            "schnellste, schnellsten, leichteste, stärkste, stärksten, kleinste, grösste, grössten, leiseste, längste, "
            "höchste, beliebteste, beliebtesten, meistverkaufte, nummer eins, nr. 1, führend, führende, marktführer, "
            "weltklasse, ultimativ, ultimative, unschlagbar, unübertroffen, einzigartig, einzigartige, erste wahl, "
            "weltweit erste, preisgekrönt, preisgekrönte, perfekt, perfekte, überragend, revolutionär, konkurrenzlos, "
            "unerreicht, kein anderes produkt, kein anderer, keine andere, nichts auf dem markt, "
            "modernste, modernsten, zuverlässigste, haltbarste, hellste, sicherste, einfachste"
        ),
        "comparative": split_phrases(
            "besser als, schneller als, günstiger als, leichter als, stärker als, leiser als, kleiner als, "
            "als je zuvor, als alle anderen, als andere, als die konkurrenz, doppelt so, dreimal so, übertrifft"
        ),
        "certification": split_phrases(
            "zertifiziert, zertifizierte, zertifikat, geprüft, dermatologisch getestet, klinisch getestet, "
            "wissenschaftlich bewiesen, klinisch bewiesen, von ärzten empfohlen, empfohlen von, tüv, bio, fairtrade, "
            "fair gehandelt, patentiert, ausgezeichnet mit, gs-geprüft, rohs"
        ),
        "health": split_phrases(
            "heilt, heilung, heilend, lindert, beugt vor, entgiftet, stärkt das immunsystem, abnehmen, "
            "gesund, gesünder, gesundheitsfördernd, anti-aging, therapeutisch, medizinisch, hypoallergen, "
            "antibakteriell"
        ),
        "guarantee": split_phrases(
            "garantiert, garantieren, geld zurück, geld-zurück, ohne risiko, risikofrei, unzerbrechlich, unzerstörbar, "
            "hält ewig, ein leben lang, lebenslang, lebenslange, absolut sicher, völlig sicher, immer, nie, niemals, "
            "makellos, fehlerfrei, unbegrenzt, ausnahmslos, in jedem fall"
        ),
        "free": split_phrases(
            "gratis, kostenlos, kostenlose, kostenloser, kostenloses, kostenfrei, umsonst, versandkostenfrei, "
            "ohne aufpreis, geschenkt, geschenk dazu"
        ),
        "availability": split_phrases(
            "auf lager, nicht auf lager, ausverkauft, wieder da, wieder auf lager, sofort lieferbar, sofort verfügbar, "
            "solange der vorrat reicht, letzte stücke, fast weg, fast ausverkauft, limitiert, limitierte auflage, "
            "nur noch wenige, vorbestellen, wieder erhältlich, vorrätig"
        ),
        "delivery": split_phrases(
            "lieferung am nächsten tag, lieferung über nacht, expresslieferung, expressversand, morgen geliefert, "
            "heute geliefert, noch heute verschickt, weltweiter versand, lieferung am selben tag, "
            "morgen bei dir, morgen bei ihnen, morgen da, heute noch da"
        ),
        "warranty": split_phrases(
            "garantie, gewährleistung, geld-zurück-garantie, kostenlose rückgabe, einfache rückgabe"
        ),
        "property": split_phrases(
            "wasserdicht, wasserfest, wasserabweisend, spritzwassergeschützt, stossfest, staubdicht, rostfrei, "
            "feuerfest, spülmaschinenfest, mikrowellengeeignet, backofenfest, waschbar, maschinenwaschbar, kabellos, "
            "wiederaufladbar, biologisch abbaubar, recycelbar, kompostierbar, umweltfreundlich, klimaneutral, "
            "co2-neutral, nachhaltig, vegan, tierversuchsfrei, handgemacht, handgefertigt, echt, exklusiv, "
            "generalüberholt, gebraucht, fabrikneu, kratzfest, parfümfrei"
        ),
    },
)
