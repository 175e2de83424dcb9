"""The project's settings: tailorbird.yaml, parsed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tailorbird.types.attribution import AttributionSettings
from tailorbird.types.experiment import ExperimentSettings
from tailorbird.types.validation_settings import FORBID, TermsSettings, ValidationSettings

__all__ = ["FORBID", "TermsSettings"]


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
class PseudonymSettings:
    """How long one pseudonym lasts: after `epoch_days` a person has another. `retention_days` after the end of an
    epoch its keys are destroyed, and nobody can tell any more whose its pseudonyms were."""

    __pydantic_config__ = FORBID

    epoch_days: int = 90
    retention_days: int = 730


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """What may be in texts that a model reads, and under which names people stand in files for analysis.

    `allowed` are values that pass the masking, beside the sender's own addresses: the brand's telephone number, a
    product that is named like a person. `private` are values that are always masked: names of staff, of reviewers.
    `model_regions`, if any, are the only regions to which a prompt may go.
    """

    __pydantic_config__ = FORBID

    allowed: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    model_regions: tuple[str, ...] = ()
    pseudonyms: PseudonymSettings = field(default_factory=PseudonymSettings)


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
    terms: TermsSettings = field(default_factory=TermsSettings)


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
class PurposeSettings:
    """One consent purpose: its channels, and what it is in the eyes of the law.

    `data` and `recipients` stand in every ledger entry on it that does not say otherwise.
    By `use` the rule for silence is found; '' takes the usual one for the purpose's name. `labels` is what people read
    on the preference page, and `explanations` the sentence under it, by locale or language (`de-DE`, `de`).
    """

    __pydantic_config__ = FORBID

    use: Literal["", "marketing", "pixel", "profiling", "sale"] = ""
    channels: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SilenceSettings:
    """What this project takes silence for, in some countries ('*' for all), where that is not what the law says.

    `basis` must be given: it is why the project may do so.
    """

    __pydantic_config__ = FORBID

    jurisdictions: tuple[str, ...]
    purposes: tuple[str, ...]
    regime: Literal["opt_in", "opt_out"]
    basis: str
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignalSettings:
    """Which purposes a signal speaks of.

    `gpc`: purposes that Global Privacy Control opts out of. `tcf`: the TCF purposes that each of ours needs, all of
    them, for vendor `tcf_vendor`. `gpp`: the opt-outs of GPP's US sections that each of ours ends with. `categories`:
    the categories of a consent platform, as Segment and RudderStack carry them, that each of ours needs, all of them.
    """

    __pydantic_config__ = FORBID

    gpc: tuple[str, ...] = ("sale_sharing",)
    tcf: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    tcf_vendor: int = 0
    gpp: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConsentSettings:
    """Who asks for consent, for what, and what silence is taken for.

    `defaults` is what silence means per purpose, as far as the law of a person's country allows; `basis` is the legal
    basis that is claimed, and stands in each message's trace. `soft_opt_in` are the purposes under which customers are
    written to about similar products, where the law knows that. `controller`, '' for the sender's name, and
    `notice`, the version of the privacy notice, stand in every ledger entry that does not say otherwise.
    """

    __pydantic_config__ = FORBID

    defaults: Mapping[str, bool] = field(default_factory=dict)
    basis: str = ""
    controller: str = ""
    notice: str = ""
    purposes: Mapping[str, PurposeSettings] = field(default_factory=dict)
    silence: tuple[SilenceSettings, ...] = ()
    soft_opt_in: tuple[str, ...] = ()
    signals: SignalSettings = field(default_factory=SignalSettings)


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
class QaSettings:
    """Whose events are tests, which count nowhere: `people` are ids of users or devices, `addresses` e-mail addresses.

    `write_key_env` names the environment variable with a write key of its own: whatever comes with it is a test.
    """

    __pydantic_config__ = FORBID

    people: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    write_key_env: str = ""


@dataclass(frozen=True, slots=True)
class TrackingSettings:
    """How links in mail are followed. `hidden_link` puts a link into each message that no person sees, where the
    template has a place for it (`links.trap`): whoever follows it is a machine."""

    __pydantic_config__ = FORBID

    hidden_link: bool = True


@dataclass(frozen=True, slots=True)
class CatalogSettings:
    """Which catalog attributes may be used as facts, their slot type, and the image folder."""

    __pydantic_config__ = FORBID

    facts: Mapping[str, Literal["text", "name", "money", "quantity", "date", "count"]] = field(default_factory=dict)
    images: str = "media"


@dataclass(frozen=True, slots=True)
class SafetySettings:
    """Where the links of messages, catalog and copy may lead, beside the sender's domain and the tracking server:
    `hosts` such as shop.example, with all under them. Names of brands that look like hosts belong there too."""

    __pydantic_config__ = FORBID

    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """Whose pages may send events from a browser: sites such as https://shop.example; `*` is any."""

    __pydantic_config__ = FORBID

    origins: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class IncidentSettings:
    """Who is told when a campaign is halted: `email` by the project's own delivery, and the webhook whose address is in
    the environment variable `webhook_env` (it is a secret)."""

    __pydantic_config__ = FORBID

    email: tuple[str, ...] = ()
    webhook_env: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """tailorbird.yaml. `simulated` marks a project whose customers are simulated; every report then says so.
    `large` is a second model, dearer than `generator`: it writes for the tier of that name."""

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
    testers: QaSettings = field(default_factory=QaSettings)
    tracking: TrackingSettings = field(default_factory=TrackingSettings)
    catalog: CatalogSettings = field(default_factory=CatalogSettings)
    generator: GeneratorSettings = field(default_factory=GeneratorSettings)
    large: GeneratorSettings | None = None
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    intake: IntakeSettings = field(default_factory=IntakeSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    safety: SafetySettings = field(default_factory=SafetySettings)
    validation: ValidationSettings = field(default_factory=ValidationSettings)
    experiments: ExperimentSettings = field(default_factory=ExperimentSettings)
    attribution: AttributionSettings = field(default_factory=AttributionSettings)
    incidents: IncidentSettings = field(default_factory=IncidentSettings)

    @property
    def default_locale(self) -> str:
        """The locale for people of whom none is known."""
        return self.locales[0]
