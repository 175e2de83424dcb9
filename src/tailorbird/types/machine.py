"""Why an event is a machine's: the reasons that stand in its context, and those that are found when it is read."""

TRAP = "followed the link that nobody sees"
SCANNER = "a mail scanner or another program"
ASKED_ONLY = "asked for the headers alone, as scanners do"
PREFETCH = "fetched ahead, before anybody asked for it"
PROXY = "loaded by an image proxy"
CRAWLER = "a crawler by its own word"
DELIVERY = "came with the delivery"
BURST = "followed many links at once"
SAID = "marked by its sender"
"""`context.machine` is true, and whoever sent the event gave no reason."""

ALONE = frozenset({PREFETCH, PROXY, DELIVERY, SAID})
"""Reasons that say nothing of what the same message sees right afterwards: a proxy loads the images, and the reader
clicks. Every other reason is one of a program that goes through the whole message."""
