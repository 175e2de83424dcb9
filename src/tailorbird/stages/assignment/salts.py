"""The salts: what makes two splits independent of each other.

Each is a text of its own, so that the people of one holdout are spread evenly over the arms of every other split.
"""


def global_salt(project: str, chosen: str) -> str:
    """The salt of the holdout of all campaigns: `chosen` in tailorbird.yaml, else the project's name. It names neither
    a campaign nor a date, because it must never change."""
    return f"{chosen or project}|global holdout"


def holdout_salt(project: str, campaign: str) -> str:
    """The salt of one campaign's holdout."""
    return f"{project}|{campaign}|holdout"


def variant_salt(project: str, campaign: str) -> str:
    """The salt that splits the treated people of one campaign into its variants."""
    return f"{project}|{campaign}|variant"


def layer_salt(project: str, layer: str) -> str:
    """The salt of a layer: its campaigns share it, so that nobody is in two of them."""
    return f"{project}|layer {layer}"


def block_salt(project: str, campaign: str, step: str) -> str:
    """The salt of one occasion's blocks: newcomers of the next step are shuffled anew."""
    return f"{project}|{campaign}|{step}|block"
