"""Bits out of a base64url text, as the consent strings of TCF and GPP pack them."""

from datetime import UTC, datetime, timedelta

from tailorbird.types.errors import TailorbirdError

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUES = {character: f"{value:06b}" for value, character in enumerate(_ALPHABET)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
IDS_MAX = 65_535


class UnreadableError(TailorbirdError):
    """The text is no string of this kind. It never leaves the stage: what cannot be read is no consent."""


class BitReader:
    """Reads a base64url text from the left. Whatever is cut or of another alphabet is an UnreadableError.

    Lists of ranges may name four times IDS_MAX ids in all: a short text could name billions.
    """

    def __init__(self, text: str) -> None:
        if strange := next((character for character in text if character not in _VALUES), ""):
            raise UnreadableError(f"{strange!r} is no base64url character")
        self._bits = "".join(_VALUES[character] for character in text)
        self._place = 0
        self._ids_left = 4 * IDS_MAX

    def _take(self, width: int) -> str:
        end = self._place + width
        if end > len(self._bits):
            raise UnreadableError("it ends too early")
        taken, self._place = self._bits[self._place : end], end
        return taken

    def _span(self, first: int, last: int) -> range:
        self._ids_left -= last - first + 1
        if last > IDS_MAX or self._ids_left < 0:
            raise UnreadableError("it names too many ids")
        return range(first, last + 1)

    def number(self, width: int) -> int:
        """The next `width` bits, as an unsigned number."""
        return int(self._take(width), 2)

    def flag(self) -> bool:
        """The next bit."""
        return self.number(1) == 1

    def moment(self) -> datetime:
        """36 bits of tenths of a second since 1970."""
        return _EPOCH + timedelta(milliseconds=100 * self.number(36))

    def letters(self) -> str:
        """Two letters of six bits each, A to Z."""
        pair = (self.number(6), self.number(6))
        if max(pair) > 25:
            raise UnreadableError("a language or a country has something else than letters")
        return "".join(chr(65 + value) for value in pair)

    def flagged(self, count: int) -> frozenset[int]:
        """The places, from 1, of the bits that are set among the next `count`."""
        return frozenset(place for place, bit in enumerate(self._take(count), 1) if bit == "1")

    def fibonacci(self) -> int:
        """A number of at least 1 in Fibonacci coding, which ends with two ones."""
        total, last, previous, current = 0, False, 1, 1
        while True:
            bit = self.flag()
            if bit and last:
                return total
            if bit:
                total += current
            last = bit
            previous, current = current, previous + current
            if current > 4 * IDS_MAX:
                raise UnreadableError("a number in Fibonacci coding is too big")

    def fibonacci_ranges(self) -> list[int]:
        """Ids in ascending order: single ones and ranges, each as the distance from the one before."""
        ids: list[int] = []
        for _ in range(self.number(12)):
            is_range = self.flag()
            first = (ids[-1] if ids else 0) + self.fibonacci()
            last = first + self.fibonacci() if is_range else first
            ids.extend(self._span(first, last))
        return ids

    def ranges(self) -> frozenset[int]:
        """Ids as 12 bits of how many entries, each a flag, a first id and, where the flag is set, a last id."""
        ids: set[int] = set()
        for _ in range(self.number(12)):
            is_range = self.flag()
            first = self.number(16)
            last = self.number(16) if is_range else first
            if not 1 <= first <= last:
                raise UnreadableError("a range of vendors runs backwards")
            ids.update(self._span(first, last))
        return frozenset(ids)

    def vendors(self) -> frozenset[int]:
        """Vendor ids: the highest, then a field of bits or ranges."""
        highest = self.number(16)
        if not self.flag():
            return self.flagged(highest)
        found = self.ranges()
        if found and max(found) > highest:
            raise UnreadableError("a range of vendors goes beyond the highest vendor")
        return found
