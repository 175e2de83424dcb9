"""Money: a whole number of a currency's smallest units, never a float."""

from dataclasses import dataclass
from decimal import Decimal

WITHOUT_MINOR = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF")
) | {"XPF"}
THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
FOUR_DECIMALS = frozenset(("CLF", "UYW"))


def exponent_of(currency: str) -> int:
    """How many decimals a currency has (ISO 4217): 0 for JPY, 3 for KWD, 2 for most."""
    code = currency.upper()
    return 0 if code in WITHOUT_MINOR else 3 if code in THREE_DECIMALS else 4 if code in FOUR_DECIMALS else 2


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: 1999 and 'GBP' are 19.99 pounds."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with all its decimals: Decimal('19.90')."""
        return amount_of(self.minor, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}".rstrip()


def amount_of(minor: int, currency: str) -> Decimal:
    """Minor units as an exact decimal of major ones, whatever the precision of the context."""
    sign, digits = (1 if minor < 0 else 0), tuple(map(int, str(abs(minor))))
    return Decimal((sign, digits, -exponent_of(currency)))
