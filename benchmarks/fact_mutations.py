"""Operators that make one statement of a true text false; written apart from the rules that are to find it.

Each takes a `Text`, the catalog and a random.Random, and gives a `Mutated` or None where it does not apply. What it
gives is false given the product's facts: a number that no fact of the product has, in any attribute that the words
could mean; a value that is none of the product's, nor contained in one, nor contains one; a denial of what is so.
"""

from fact_attribute_mutations import (
    colour,
    crossover,
    disclaimer,
    mixed_up,
    negation,
    other_name,
    strengthen,
    superlative,
    value,
)
from fact_number_mutations import brand, count, currency, day, digit_swap, discount, one_percent, price, unit
from fact_places import Operator

NUMBER = (digit_swap, one_percent, unit, count, price, currency, discount, day, brand)
"""Number, price, date and brand."""
ATTRIBUTE = (colour, value, crossover, other_name, mixed_up, negation, strengthen)
"""Attribute and negation."""
OTHER = (superlative, disclaimer)
OPERATORS: dict[str, Operator] = {
    ("date" if each is day else each.__name__): each for each in (*NUMBER, *ATTRIBUTE, *OTHER)
}  # fmt: skip
