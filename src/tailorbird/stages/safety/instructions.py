"""Text that speaks to a model instead of a reader, in English and German.

Patterns over text folded as a reader sees it, in lower case. They know the turns of phrase that take over a model; what
is said in quite other words passes here and is stopped by what a line may say at all.
"""

import re
from collections.abc import Collection, Iterator
from itertools import islice

_SOME = r"[^.!?\n]{0,60}?"
_WHOSE = r"(?:all|any|the|your|my|our|every|these|those|previous|prior|earlier|above|of|other|safety|original|initial)"
_RULES = r"(?:instructions?|prompts?|rules?|guidelines?|directions?|directives?|polic(?:y|ies)|constraints?|context)"
_REVEAL = r"(?:repeat|print|reveal|show|output|leak|tell me|display|dump|quote|recite|give me|expose|summari[sz]e)"
_REPLY = r"(?:respond|reply|answer|output|return|say|write|print|type)"
_ADD = r"(?:include|insert|add|append|embed|put|place|mention|write|print|output)"
_WHO = r"(?:customers?|readers?|users?|recipients?|shoppers?|subscribers?|buyers?)"
_MODEL = r"(?:ai|a\.i\.|model|llm|language model|assistant|chatbot|bot|copywriter|writer|gpt|ki|ki-modell|sprachmodell)"
# Each pattern with what a text must hold for it to match, one of the words on each side of every "&": else it is not
# tried.
_ENGLISH = (
    ("instruct|prompt|rule|guideline|directi|polic|constraint|context & ignore|disregard|forget|overr|bypass|skip|neglect"
     "|drop|discard",
     rf"\b(?:ignore|disregard|forget|override|overrule|bypass|skip|neglect|drop|discard)\b(?: {_WHOSE})* ?\b{_RULES}\b"),
    ("ignore|disregard|forget|overrid & above|before|earlier|previous|prior|preced|system",
     rf"\b(?:ignore|disregard|forget|override)\b{_SOME}\b(?:(?:said|told|written|stated|given|was) (?:above|before"
     r"|earlier)|previous(?:ly)?|prior|preceding|everything (?:above|before)|the above|system)\b"),
    ("you are|you're|act|behav|pretend|respond|rolep|imagine & jailb| dan|unrestr|uncens|unfilt| mode|assistant|chatbot"
     "|llm| bot| ai",
     rf"\b(?:you are|you're|act|behave|pretend|respond|roleplay|imagine)\b(?: now| to be| you are| as| that)*{_SOME}"
     r"\b(?:dan|jailbroken|unrestricted|uncensored|unfiltered|in (?:developer|debug|god|admin) mode"
     r"|(?:evil|helpful|new|different|an|a) (?:ai|assistant|chatbot|model|llm|bot))\b"),
    ("prompt|message|instruction & system|developer|hidden|initial|original",
     r"\b(?:system|developer|hidden|initial|original) ?(?:prompts?|messages?|instructions?)\b"),
    ("prompt|instructions|above|api key|password|credential|secret & repeat|print|reveal|show|output|leak|tell|display|dump"
     "|quote|recite|give me|expose|summari",
     rf"\b{_REVEAL}\b{_SOME}\b(?:prompts?|instructions|words above|text above|api keys?|passwords?|credentials"
     r"|secrets?)\b"),
    ("respond|reply|answer|output|say|write|print & only|just|exactly|solely|nothing but",
     rf"\b(?:respond|reply|answer|output|say|write|print) (?:with |in )?"
     r"(?:only|just|exactly|solely|nothing but)\b(?! (?:as |right |what you |about )|[.!]|$)"),
    ("the following|the exact|the word|the phrase|the string & respond|reply|answer|output|return|say|write|print|type",
     rf"\b{_REPLY}\b (?:only |just |exactly )?(?:with |by saying )?the (?:following|exact|word|words|phrase|string)\b"),
    ("includ|insert|add|append|embed|put|place|mention|write|print|output & verbatim|word for|in every|in each|in all|in the",
     rf"\b{_ADD}\b{_SOME}\b(?:verbatim|word for word|in (?:every|each|all|the) (?:\w+ )?(?:lines?|messages?"
     r"|e-?mails?|subjects?|answers?|repl(?:y|ies)|outputs?|responses?))\b"),
    ("tell |inform |convince |persuade |instruct |order |urge |trick & customer|reader|user|recipient|shopper|subscriber|buyer",
     rf"\b(?:tell|inform|convince|persuade|instruct|order|urge|trick) (?:the |all |every |your |our |each )?{_WHO}\b"),
    ("price|recipient|consent|mail|sender|subject|discount & set |chang|mark |lower|drop|replac|alter|swap|raise",
     r"\b(?:set|change|mark|lower|drop|replace|alter|swap|raise) (?:the|its|all|every|this|your|their)"
     r"(?: \w+)? (?:prices?|recipients?|consents?|e-?mail address(?:es)?|sender|subject(?: line)?|discount)\b"),
    ("instruction",
     r"\b(?:new|updated|additional|important|special|secret|real|true|following) (?:system )?instructions?\b"
     rf"(?=.{{0,3}}[:\-]|.{{0,12}}\b(?:for|to)\b.{{0,6}}\b{_MODEL}\b)"),
    ("instruction|note|attention|message|memo|notice|dear|hey|hello & ai|a.i|model|llm|assistant|bot|writer|gpt|ki",
     rf"\b(?:(?:instructions?|notes?|attention|messages?|memo|notice) (?:for|to) (?:the |any |all |this )?|(?:attention"
     rf"|dear|hey|hello),? ){_MODEL}s?\b(?! (?:boat|train|car|kit|plane|railway|number|year|maker|builder))"),
    ("injection|jailbreak|do anything|as an ai|language model|bound|restrictions|safety|end of",
     r"\b(?:prompt injection|jailbreak|do anything now|as an ai\b|as a (?:large )?language model|no longer bound"
     r"|without (?:any )?(?:restrictions or|safety) |end of (?:the )?(?:prompt|instructions|facts|system))"),
    ("from now on", rf"\bfrom now on\b{_SOME}\b(?:you (?:will|must|are|shall)|answer|respond|reply|write|always)\b"),
    ("do not|don't|never & mention|reveal|tell|say|write",
     r"\b(?:do not|don't|never) (?:mention|reveal|tell|say|write) (?:this|that you|anything|these instructions|it to)\b"),
    ("http:|https:|www.|.com|.net|.org|.io|.example|.info|.top|.xyz & link|redirect|forward|send|direct|point",
     r"\b(?:link|redirect|forward|send|direct|point) (?:it|them|all|every|the|this|customers?|readers?"
     rf"|users?)?\b{_SOME}(?:https?:|www\.|\b[a-z0-9-]{{3,}}\.(?:com|net|org|io|example|info|top|xyz)\b)"),
)  # fmt: skip
_GERMAN = (
    ("ignorier|verg|missacht|verw|umgeh|übergeh & anweisung|vorgabe|regel|instrukt|prompt|richtlin|vorher|bisher|obige|vorsteh",
     r"\b(?:ignorier\w*|vergiss|vergesst|vergessen sie|missacht\w*|verwirf|verwerfe\w*|umgeh\w*|übergeh\w*)\b"
     r"[^.!?\n]{0,50}?\b(?:anweisung|vorgabe|regel|instruktion|prompt|richtlinie|vorherig|bisherig|obige"
     r"|vorstehend)\w*"),
    ("du bist|sie sind|verhalte|antworte|handle|tu so",
     r"\b(?:du bist|sie sind|verhalte dich|antworte|handle|tu so)\b(?: jetzt| nun| ab jetzt| wie| als)*[^.!?\n]{0,30}?"
     r"\b(?:ki|ki-assistent\w*|assistent\w*|sprachmodell\w*|chatbot\w*|bot|uneingeschränkt\w*|unzensiert\w*)\b"),
    ("system", r"\bsystem-?(?:prompt|nachricht|anweisung|meldung an)\w*"),
    ("prompt|anweisung|geheim|passw|schlüssel|zugangsdaten & gib|gebe|zeig|nenn|wiederhol|verrat|druck",
     r"\b(?:gib|gebe|zeig\w*|nenn\w*|wiederhol\w*|verrat\w*|druck\w*)\b[^.!?\n]{0,40}?"
     r"\b(?:prompt\w*|anweisung\w*|geheim\w*|passw\w*|api-schlüssel\w*|zugangsdaten)\b"),
    ("antworte|schreib|sag|gib & nur|ausschließlich|genau|immer|stets|wörtlich",
     r"\b(?:antworte|schreibe?|sage?|gib) (?:nur|ausschließlich|genau|immer|stets|wörtlich)\b"),
    ("füge|setze|schreibe|nimm|erwähne|nenne & wörtlich|zeile|nachricht|mail|betreff|antwort",
     r"\b(?:füge|setze|schreibe|nimm|erwähne|nenne)\b[^.!?\n]{0,50}?"
     r"\b(?:wörtlich|in (?:jede|jeder|jedes|alle|die) (?:zeile|nachricht|e-?mail|betreff|antwort)\w*)"),
    ("anweisung", r"\b(?:neue|wichtige|geheime|zusätzliche|folgende) anweisung\w*(?=.{0,3}[:\-]|.{0,12}\b(?:für|an)\b)"),
    ("anweisung|hinweis|nachricht|achtung",
     r"\b(?:anweisung\w*|hinweis\w*|nachricht\w*|achtung) (?:für|an) (?:die |das |den |alle )?"
     r"(?:ki\b|modell|sprachmodell|assistent|chatbot|texter)\w*"),
    ("sag |sage |erzähl|überred|überzeug & kunde|kundin|leser|empfänger|käufer",
     r"\b(?:sag|sage|erzähle?|überrede|überzeuge?) (?:den |allen |unseren |der |dem )?(?:kunden?|kundinnen|lesern?"
     r"|empfängern?|käufern?)\b"),
    ("preis|empfänger|einwilligung|betreff|absender|rabatt & setz|änder|senk|ersetz",
     r"\b(?:setze?|änder[en]?|senke?|ersetze?) (?:den|die|alle|das|ihren?) (?:preis\w*|empfänger\w*|einwilligung\w*"
     r"|betreff\w*|absender\w*|rabatt\w*)\b"),
    ("ab jetzt|ab sofort", r"\bab (?:jetzt|sofort) (?:antworte\w*|schreib\w*|bist|musst|wirst|sollst)\b"),
)  # fmt: skip
_TOKENS = (
    ("<|[|#", r"<\|[^|>\n]{1,40}\|>|\[/?inst\]|<</?sys>>|</?s>"
     r"|#{2,}\s*(?:instructions?|system|response|human|assistant|user)\b"),
    ("<", r"</?(?:system|instructions?|prompt|assistant|user|human|untrusted|context)\b[^>\n]{0,60}>"),
    ("system|assistant|developer|human & :", r"(?:^|[\n.;!?>)\]\"'])\s*(?:system|assistant|developer|human)\s*:\s*\S"),
    ("reason|facts|grund|angaben|fakten & product|produkt|facts|angaben & :", r"\b(?:reason|facts|grund|angaben|fakten)\s*:\s.{0,80}\b(?:product|produkt|facts|angaben)\s*:"),
)  # fmt: skip
_FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_KNOWN = tuple(
    (tuple(frozenset(side.split("|")) for side in cues.translate(_FOLDED).split(" & ")), re.compile(p.translate(_FOLDED)))
    for cues, p in (*_ENGLISH, *_GERMAN, *_TOKENS)
)
_CUES = tuple(sorted({cue for cues, _ in _KNOWN for side in cues for cue in side}))
_ENOUGH = 100
"""A text in which a pattern matches more often has said enough."""


# Of each pattern the rarest words, and the stems that German ones begin with: plain copy mostly has none of them.
_TRIGGERS = frozenset(
    "ignore disregard forget override overrule bypass skip neglect drop discard dan jailbroken unrestricted uncensored "
    "unfiltered mode assistant assistants chatbot chatbots ai a.i model models llm llms bot bots gpt prompt prompts "
    "messages message instruction instructions above api keys password passwords credentials secret secrets respond reply "
    "answer output say write print following exact phrase string verbatim word words line lines mail mails email emails "
    "subject subjects answers replies outputs response responses tell inform convince persuade instruct order urge trick "
    "set change mark lower replace alter swap raise injection jailbreak anything language bound restrictions safety now "
    "mention reveal writer copywriter system developer human reason facts grund angaben fakten ki".split()
)
_STEMS = (
    "ignorier", "vergiss", "vergess", "missacht", "verwirf", "verwerf", "umgeh", "uberge", "du bist", "sie sind", "verhalte",
    "antworte", "handle ", "tu so", "anweisung", "geheim", "passw", "schlussel", "zugangsd", "fuge", "setz", "schreib",
    "nimm ", "erwahn", "nenn", "hinweis", "nachricht", "achtung", "sage", "sag ", "erzahl", "uberred", "uberzeug", "ander",
    "senk", "ab jetzt", "ab sofort", "gib ", "systemprompt", "systemnach",
)  # fmt: skip


def may_instruct(lowered: str, words: Collection[str]) -> bool:
    """Whether a text in lower case, without umlauts, may hold an instruction: `words` are its words."""
    if _TRIGGERS.isdisjoint(words) and not any(stem in lowered for stem in _STEMS):
        return False
    return next(_possible(lowered), None) is not None


def _possible(lowered: str) -> Iterator[re.Pattern[str]]:
    """The patterns of which a text has a cue on each side."""
    there = {cue for cue in _CUES if cue in lowered}
    for cues, pattern in _KNOWN:
        if not any(side.isdisjoint(there) for side in cues):
            yield pattern


def find_instructions(plain: str) -> Iterator[tuple[int, int]]:
    """The spans that speak to a model, in folded text; in time linear in its length."""
    lowered = plain.lower()
    if len(lowered) != len(plain):  # 'İ' grows: offsets would be others
        lowered = plain
    for pattern in _possible(lowered):
        for match in islice(pattern.finditer(lowered), _ENOUGH):
            yield match.span()


def speaks_to_a_model(plain: str) -> bool:
    """Whether folded text holds an instruction to a model."""
    return next(find_instructions(plain), None) is not None
