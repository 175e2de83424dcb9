"""The one pattern that finds what may be personal in folded text: many alternatives, each of bounded length.

What it finds are candidates, by the name of the group; `candidates` judges them. Where words tell that something is
personal, the group NAME_part holds it without them. Nothing repeats inside a repetition
without a bound, so that no text costs more than its length times a constant.
"""

import re

_CAP = r"[^\W\d_a-z][\w'-]{0,24}"
_NAME = rf"{_CAP}(?:[ ](?:(?:von|van|de|der|den|di|da|la|le|del|dos|bin|al)[ ]){{0,2}}{_CAP}|[ ][A-Z]\.(?=[ ])){{0,3}}"
_TITLES = (
    r"(?i:mr|mrs|miss|mx|dr|prof|professor|herrn?|frau|fraulein|familie|mme|mlle|monsieur|madame|senor|senora"
    r"|signor|signora|mevrouw|meneer)|Ms|Sir|Sr|Sra|Sig|Dhr|Mevr"
)
_GREETINGS = (
    r"dear|hi|hello|hey|hallo|liebe[r]?|guten (?:tag|morgen|abend)|sehr geehrte[r]?|bonjour|cher|chere|hola|querid[oa]"
    r"|ciao|car[oa]|beste|hej"
)
_SIGN_OFFS = (
    r"regards|sincerely|best wishes|yours(?: truly| faithfully)?|cheers|gru(?:ss|sse|ess|esse|ße)|cordialement"
    r"|saludos|saluti"
)
_SELF = (
    r"my name(?: is|'s)|name[sd]? ?:|i am called|ich heisse|mein name ist|je m'appelle|mon nom est|me llamo|mi chiamo"
    r"|signed(?: by)?|written by|reviewed by|review by|bewertung von|kundin|customer name"
)
_STREET_EN = (
    r"Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Dr|Court|Ct|Close|Crescent|Square|Squares|Streets|Boulevard|Blvd|Way"
    r"|Terrace|Place|Pl|Gardens|Grove|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Row|Mews|Hill"
)
_STREET_DE = (
    r"(?:[A-Z][\w-]{2,30}(?:stra(?:ss|sz)e|str\.|gasse|allee|weg|platz|damm|ufer)"
    r"|[A-Z][\w-]{2,30} (?:Stra(?:ss|sz)e|Str\.|Gasse|Allee|Weg|Platz|Damm|Ufer|Ring))"
)
_STREET_ROMANCE = (
    r"(?:Calle|C/|Avenida|Avda\.?|Plaza|Paseo|Via|Viale|Piazza|Corso|Rua|Travessa|Rue|Avenue|Boulevard|Place|Chemin)"
)
_STREET_NORTH = r"[A-Z][\w-]{2,30}(?:gatan|vagen|veien|vegen|katu|straat|laan|plein|gracht)"
_UK = r"[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? (?!\d[GT]B)\d[ABD-HJLNP-UW-Z]{2}"
_US_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    r"|W[AIVY]|A[AEP])"
)
_US = rf"{_US_STATE},?[ ]\d{{5}}(?:-\d{{4}})?"
_AREA = (
    rf"(?:[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}|{_US}|\d{{4,5}}(?: ?[A-Z]{{2}}\b)?(?:[ ]{_CAP}){{0,2}}"
    rf"|\d{{3}} \d{{2}}(?:[ ]{_CAP}){{0,2}})"
)
_CITY = r"[^\W\d_a-z][^\W\d_]{0,24}(?:['-][^\W\d_]{1,24})?(?!\w)"
_REST = (
    rf"(?:[,\s]{{1,4}}(?:(?i:suite|apt\.?|apartment|flat|unit) ?#?\w{{1,6}}))?"
    rf"(?:(?:, ?| ?\n ?){_CITY}(?: {_CITY}){{0,3}}){{0,3}}(?:[,\s]{{1,4}}{_AREA})?"
)
_FLAT = r"(?:(?i:suite|apt\.?|apartment|flat)[ ]#?\w{1,6},?[ \n]{1,2})?"
_HOUSE = r"\d{1,4}[a-zA-Z]?(?:[-/]\d{1,4}[a-zA-Z]?)?\b"
_ADDRESS = (
    rf"{_FLAT}\d{{1,5}}[A-Za-z]?,?[ ](?:{_CAP}[ ]){{1,4}}(?:{_STREET_EN})\b\.?{_REST}"
    rf"|(?=[\w-]{{2,45}}\.?[ ](?:\d|[SGAWPDUR])){_STREET_DE}[ ]{_HOUSE}{_REST}"
    rf"|(?=[\w-]{{2,45}}[ ]\d){_STREET_NORTH}[ ]{_HOUSE}{_REST}"
    rf"|{_STREET_ROMANCE}[ ](?:(?:d[aeiou]l?l?[aeo]?s?|la|le|les|des|du|los|las)[ ]){{0,2}}"
    rf"(?:{_CAP}[ ]?){{1,4}},?[ ]?{_HOUSE}{_REST}"
    rf"|\d{{1,4}}(?:[ ]?(?:bis|ter))?,?[ ](?i:rue|avenue|boulevard|bd|place|chemin|allee|impasse|quai)[ ]"
    rf"(?:(?:de|du|des|la|le|les|l'|d')[ ]?){{0,2}}{_CAP}(?:[ ]{_CAP}){{0,3}}{_REST}"
    rf"|(?i:p\.?[ ]?o\.?[ ]?box|postfach|postbus|apartado|boite postale)[ ]#?\d[\d ]{{0,9}}{_REST}"
    rf"|(?:Suite|Apt\.?|Apartment)[ ]#?\d{{1,5}}[A-Z]?\b{_REST}"
    rf"|{_UK}\b|{_US}\b"
    r"|(?i:zip(?:[ ]?code)?|post(?:al)?[ ]?code|plz|postleitzahl)(?:[ ]is|[ ]ist)?[ :]{1,3}[A-Z]{0,2}[ -]?\d[\w-]{2,7}"
)
_LIVES = r"(?:postal |home |new )?address|adresse|anschrift|wohnhaft in|direccion|indirizzo|i live at"
_DATE = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.?(?:st|nd|rd|th)?(?:[ ]of)?[ ][A-Za-z]{3,9}\.?,?[ ]\d{2,4}"
    r"|[A-Za-z]{3,9}\.?[ ]\d{1,2}(?:st|nd|rd|th)?,?[ ]\d{2,4})"
)
_BORN = (
    r"born(?: on)?|date of birth|birth ?da(?:te|y)|d\.?o\.?b\.?|geboren(?: am)?|geburts(?:datum|tag)|nee? le"
    r"|nacid[oa] el|nat[oa] il|geb\."
)
_DOCUMENTS = (
    r"passport|reisepass|driver'?s? licen[cs]e|driving licen[cs]e|licen[cs]e (?:number|no)|fuhrerschein|national id"
    r"|identity (?:card|number)|id (?:card|number|no)|personalausweis|ausweis(?:nummer)?|social security|ssn|nino"
    r"|national insurance|tax (?:id|number)|steuer-?(?:id|nummer)|health insurance|nhs number|medicare"
)

_ID_CODE = (
    r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"
    r"|[A-Z]{6}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z]"
    r"|[XYZ][- ]?\d{7}[- ]?[A-Z]"
    r"|\d{8}[- ]?[A-Z]"
    r"|\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]"
)
_DOCUMENT = r"[A-Za-z]{0,3}\d(?:[ -]?[A-Za-z]{0,2}\d){3,18}[A-Za-z]?"

_MARKS = (
    r"(?P<email>@(?= ?[\w(\[])|[(\[{<] ?(?i:at|@) ?[)\]}>]"
    r"|[Aa][Tt](?<=\w [Aa][Tt])(?= [\w-]{1,40} (?i:dot|punkt) ))",
    r"(?P<ip>\d(?<![\d.]\d)\d{0,2}(?:\.\d{1,3}){3}(?!\.?\d)"
    r"|[0-9A-Fa-f:](?<![\w:][0-9A-Fa-f:])(?:[0-9A-Fa-f]{0,4}:){1,7}[0-9A-Fa-f]{0,4}(?![\w:]))",
)
_WORDS = (
    r"(?P<url>(?i:https?|ftp|wss?)://[^\s<>\"']{1,2048})",
    rf"(?P<birth>(?i:{_BORN})(?: (?:is|was|war|ist))?[ :.]{{1,4}}(?:(?i:it|that)(?:'s| is) )?(?P<birth_part>{_DATE}))",
    rf"(?P<document>(?i:{_DOCUMENTS})[^\d\n]{{0,30}}?(?<![^\W\d_])(?P<document_part>{_DOCUMENT})\b)",
    rf"(?P<place>(?i:{_LIVES})(?: is| are| ist|:)?[ \t]{{1,8}}(?P<place_part>(?=[^\n]{{0,60}}\d)[^\n.;?!]{{5,80}}))",
    rf"(?P<address>(?<!\.)(?:{_ADDRESS}))",
    r"(?P<iban>[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30})",
    rf"(?P<code>(?:{_ID_CODE})(?![A-Za-z0-9]))",
    rf"(?P<title>(?:{_TITLES})\.? (?:(?:{_TITLES})\.? ){{0,2}}(?P<title_part>{_NAME}))",
    rf"(?P<greeting>(?<![^\n.!?>\"*] )(?i:{_GREETINGS}) (?:(?:{_TITLES})\.? ){{0,3}}"
    rf"(?P<greeting_part>{_NAME})(?= ?[,!:.\n-]|\s{{0,9}}\Z))",
    rf"(?P<sign_off>(?i:{_SIGN_OFFS})[,.!]? ?\n{{1,2}} ?(?P<sign_off_part>{_NAME})(?= ?(?:\n|\Z)))",
    rf"(?P<self>(?i:{_SELF}) {{1,8}}(?P<self_part>{_NAME}))",
)
_NUMBER = r"(?P<number>[+(\d](?<!\d[+(\d])(?:(?<=\d)|(?<=[+(]) ?[+(]? ?\d)(?:[ .()/-]{0,3}\d){6,23})"

NUMBER = re.compile(_NUMBER)
SCAN = re.compile("|".join((*_MARKS, rf"(?<!\w)(?:{'|'.join(_WORDS)})", _NUMBER)))

INSIDE_URL = re.compile(r"(?P<email>@)")
"""What is looked for in an address that is not masked as a whole."""

_LABEL = r"[\w](?:[\w-]{0,62})"
_DOT = r"(?:\.|[ ]?[(\[{][ ]?(?i:dot|punkt|point|\.)[ ]?[)\]}][ ]?|[ ](?i:dot|punkt)[ ])"
LOCAL = re.compile(
    rf'(?:[\w.!#$%&*+/=?^`{{|}}~\'-]{{1,64}}(?:{_DOT}[\w+-]{{1,40}}){{0,3}}|"[^"\n]{{1,62}}")[ ]{{0,2}}\Z'
)
LOCAL_CHARS = 160
"""How far before its at sign an address may begin."""
HOST = re.compile(
    rf"[ ]{{0,2}}(?:{_LABEL}(?:{_DOT}{_LABEL}){{0,8}}(?:{_DOT}|[ ]\.[ ]?(?=(?:com|net|org|de|uk|fr|es|it|eu|io)\b))"
    rf"(?:xn--[\w-]{{2,59}}|[^\W\d_]{{2,24}})\b|\[[0-9A-Fa-f:.]{{3,45}}\])"
)
SPELLED = re.compile(
    r"(?i:com|net|org|info|edu|gov|example|co|io|me|eu|de|uk|fr|es|it|nl|be|ch|at|us|ca|au|nz|ie|pl|pt|se|no|dk|fi)\Z"
)
"""How a host ends whose signs are all words: anybody may 'look at the dot on it'."""
HANDLE = re.compile(r"@[A-Za-z][\w.]{1,29}")

SECRET_PARAMETER = re.compile(
    r"[?&;#](?:[\w.-]{0,30}(?:token|key|auth|sig|session|sid|passw|pwd|secret|mail|phone|user|uid|customer|name|code|hash)"
    r"[\w.-]{0,30})=[^&;#]",
    re.I,
)
OPAQUE = re.compile(r"[=/](?=[\w-]{0,40}\d)(?=[\w-]{0,40}[A-Za-z])[\w-]{24,}")
"""A piece of an address that only a machine can have made: it may name one person."""
