"""What the gate knows of a language: plain words, and the word classes its rules speak of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists of one language, lower case. All empty for a language that we have no lists for: then only the
    project's own vocabulary may be used by unattended copy.

    `cased` holds the plain words as they are written inside a sentence. `states` are phrases that are true of an item
    only because of where it comes from: of what was bought last ('last_item'), of what lies in a basket ('basket').
    """

    language: str
    plain: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()
    deadlines: frozenset[str] = frozenset()
    price_cues: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    agreeing: frozenset[str] = frozenset()
    unfinished: frozenset[str] = frozenset()
    greetings: frozenset[str] = frozenset()
    after_quantity: frozenset[str] = frozenset()
    cased: frozenset[str] = frozenset()
    taking: frozenset[str] = frozenset()
    datives: frozenset[str] = frozenset()
    separable: frozenset[str] = frozenset()
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@cache
def _plain(language: str) -> frozenset[str]:
    """The plain words as they are written inside a sentence: German nouns with a capital."""
    text = files(__package__).joinpath(f"words/plain_words.{language}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(","))


_STATES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "last_item": _phrases(
            "the same, same again, here it is again, order again, as last time, as before, running low, run low, "
            "running out, run out, runs out, nearly out, nearly gone, time for more, need more, once more, top up, "
            "refill, reorder, replenish"
        ),
        "basket": _phrases(
            "basket, your bag, cart, checkout, thinking it over, still thinking, still undecided, you left, "
            "left behind, left off, left it"
        ),
    },
    "de": {
        "last_item": _phrases(
            "noch einmal, noch mal, nochmal, nochmals, dasselbe, dieselbe, derselbe, dieselben, denselben, "
            "nachschub, leer, aufgebraucht, verbraucht, zu ende, zur neige, wie beim letzten mal, nachbestellen, "
            "nachkaufen, schon wieder alle, vorrat auffüllen"
        ),
        "basket": _phrases(
            "korb, warenkorb, einkaufskorb, einkaufswagen, weitermachen, weiterschauen, unentschlossen, "
            "aufgehört hast, stehen geblieben"
        ),
    },
}


def _english() -> Lexicon:
    return Lexicon(
        language="en",
        plain=frozenset(word.lower() for word in _plain("en")),
        claims=_words(
            "durable gentle waterproof water-resistant watertight leakproof organic natural sustainable eco-friendly "
            "eco green recyclable biodegradable compostable hypoallergenic handmade handcrafted hand-made artisan "
            "authentic genuine premium luxury luxurious perfect best finest ultimate safe healthy non-toxic vegan "
            "guaranteed certified award-winning unbreakable lifetime everlasting soft cosy warm sturdy strong reliable "
            "lightweight quiet fast fastest easy effortless beautiful elegant stylish exclusive limited rare unique"
        ),
        numbers=_words(
            "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand "
            "million dozen dozens half third quarter twice double triple percent"
        ),
        dates=_words(
            "monday tuesday wednesday thursday friday saturday sunday january february march april june july august "
            "september october november december today tonight tomorrow yesterday weekend midnight noon christmas "
            "easter black-friday"
        ),
        offers=_words(
            "free discount discounts discounted off sale sales bargain cheaper cheap deal deals offer offers save "
            "saving savings reduced voucher coupon gift bonus win prize refund refunds return returns delivery "
            "shipping warranty guarantee guarantees stock restocked sold-out hurry exclusive"
        ),
        commands=_words(
            "see view shop browse find choose pick discover explore get take try read return come look open add keep "
            "visit meet bring continue finish go order reorder refill replenish have show start complete check buy"
        ),
        deadlines=_words("until till before by"),
        price_cues=_words("from only just now costs cost price priced at for"),
        determiners=_words("a an"),
        agreeing=_words("is are was were has have does do isn't aren't wasn't weren't hasn't haven't it's needs comes"),
        unfinished=_words(
            "a an the and or but of in on at to for from with without by as than your our this that these those is are "
            "was were has have it's we've you've we're you're which who its their into about"
        ),
        greetings=_words("hello hi dear welcome hey thanks morning"),
        after_quantity=_words("of in for and or from with to at on is are was by"),
        cased=_plain("en"),
        taking=_words("have has do does needs"),
        states=_STATES["en"],
    )


def _german() -> Lexicon:
    return Lexicon(
        language="de",
        plain=frozenset(word.lower() for word in _plain("de")),
        claims=_words(
            "langlebig robust sanft wasserdicht wasserfest bio biologisch natürlich nachhaltig umweltfreundlich grün "
            "recycelbar handgemacht handgefertigt echt hochwertig premium luxus luxuriös perfekt beste besten bester "
            "bestes sicher gesund vegan garantiert zertifiziert unzerbrechlich ewig weich warm stabil zuverlässig "
            "leicht leise schnell einzigartig exklusiv limitiert selten"
        ),
        numbers=_words(
            "null zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn zwanzig dreißig vierzig fünfzig "
            "sechzig siebzig achtzig neunzig hundert tausend million dutzend halb halbe halber drittel viertel doppelt "
            "zweimal dreimal prozent"
        ),
        dates=_words(
            "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz april juni juli "
            "august september oktober november dezember heute morgen gestern wochenende mitternacht weihnachten ostern"
        ),
        offers=_words(
            "gratis kostenlos kostenfrei umsonst rabatt rabatte angebot angebote sparen spare spart günstig günstiger "
            "billig reduziert gutschein gewinnen gewinn geschenk bonus lieferung versand versandkostenfrei rückgabe "
            "garantie lager ausverkauft vorrätig exklusiv"
        ),
        commands=_words(
            "ansehen entdecken finden wählen aussuchen auswählen stöbern bestellen nachbestellen nachkaufen öffnen "
            "weiterlesen lesen zurückkehren fortfahren abschließen holen anschauen zeigen kaufen sehen jetzt zum zur"
        ),
        deadlines=_words("bis vor"),
        price_cues=_words("ab nur jetzt für kostet kosten preis um"),
        determiners=_words(
            "der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner mein dein deine "
            "deinen deinem deiner ihr ihre ihren ihrem ihrer unser unsere unseren unserem unserer euer eure dieser "
            "diese dieses diesen diesem jeder jede jedes jeden jedem welcher welche welches vom beim zum zur im ins am "
            "solche eigene eigenen eigener passende passenden passender passendes schöne schönen schöner schönes gute "
            "guten guter gutes andere anderen anderer anderes beide beiden manche viele"
        ),
        agreeing=_words(
            "ist sind war waren hat haben wird werden passt passen kommt kommen steht stehen liegt liegen bleibt "
            "bleiben gefällt gefallen wartet warten fehlt fehlen kostet kosten gehört gehören macht machen "
            "kann können findet"
        ),
        unfinished=_words(
            "der die das den dem des ein eine einen einem einer und oder aber von in im an am auf aus bei beim zu zum "
            "zur für mit ohne um über unter nach vor ist sind war hat haben ihr ihre ihren ihrem ihrer wie als dass "
            "ob wenn"
        ),
        greetings=_words("hallo liebe lieber willkommen danke moin servus"),
        after_quantity=_words("und oder aus für mit von zu in im bei an auf ist sind"),
        cased=_plain("de"),
        datives=_words("dir euch ihnen dazu hier da das"),
        separable=_words("schau schaut schauen seht sieh sehen hör hört hören fass fang fangt"),
        states=_STATES["de"],
    )


@cache
def lexicon_for(locale: str) -> Lexicon:
    """The lexicon of a locale's language ('de-AT' uses German); an empty one where there are no lists."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return {"en": _english, "de": _german}.get(language, lambda: Lexicon(language))()
