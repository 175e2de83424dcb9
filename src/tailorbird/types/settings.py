"""The project's settings: tailorbird.yaml, parsed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class SenderSettings:
    """Who writes: the From header, the DKIM domain and selector, the postal address that the law asks for."""

    __pydantic_config__ = FORBID

    name: str
    email: str
    domain: str
    postal_address: str
    dkim_selector: str = "tailorbird"
    dkim_key: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """Which model writes. `adapter` 'none' uses approved lines only. Prices are micros (1e-6) of the currency.

    `api_key_env` names the environment variable that holds the server's key; '' sends none.
    """

    __pydantic_config__ = FORBID

    adapter: str = "llama_cpp"
    model: str = "qwen2.5-coder-1.5b"
    base_url: str | None = None
    api_key_env: str = ""
    threads: int = 0
    cpu_hour_micros: int = 40_000
    prompt_token_micros: float = 0.0
    completion_token_micros: float = 0.0


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """Where messages go: `files` writes .eml files to .tailorbird/outbox, `smtp` hands them to a relay."""

    __pydantic_config__ = FORBID

    adapter: str = "files"
    host: str = "127.0.0.1"
    port: int = 587
    username: str | None = None
    password_env: str | None = None
    starttls: bool = True


@dataclass(frozen=True, slots=True)
class ConsentSettings:
    """What holds for people who never said anything, per purpose, and the legal basis that is claimed for it.

    The basis stands in each message's trace, beside the purpose.
    """

    __pydantic_config__ = FORBID

    defaults: Mapping[str, bool] = field(default_factory=dict)
    basis: str = ""


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """Which ids are one person.

    A device (an anonymous id) with more than `device_users_max` people is nobody's, and so is an address. `match` makes
    one person of users with an equal address: only of those whose trait `emailVerified` (or `phoneVerified`) is true,
    unless `match_verified` is false.
    """

    __pydantic_config__ = FORBID

    device_users_max: int = 5
    match: tuple[Literal["email", "phone"], ...] = ()
    match_verified: bool = True


@dataclass(frozen=True, slots=True)
class CatalogSettings:
    """Which catalog attributes may be used as facts, their slot type, and the image folder."""

    __pydantic_config__ = FORBID

    facts: Mapping[str, Literal["text", "name", "money", "quantity", "date", "count"]] = field(default_factory=dict)
    images: str = "media"


@dataclass(frozen=True, slots=True)
class Settings:
    """tailorbird.yaml. `simulated` marks a project whose customers are simulated; every report then says so."""

    __pydantic_config__ = FORBID

    name: str
    currency: str
    sender: SenderSettings
    sector: str = ""
    brand: str = ""
    timezone: str = "UTC"
    locales: tuple[str, ...] = ("en-GB",)
    base_url: str = "http://127.0.0.1:8787"
    simulated: bool = False
    note: str = ""
    imports: tuple[str, ...] = ()
    state: str | None = None
    consent: ConsentSettings = field(default_factory=ConsentSettings)
    identity: IdentitySettings = field(default_factory=IdentitySettings)
    catalog: CatalogSettings = field(default_factory=CatalogSettings)
    generator: GeneratorSettings = field(default_factory=GeneratorSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)

    @property
    def default_locale(self) -> str:
        """The locale for people of whom none is known."""
        return self.locales[0]
