"""What is in force: one pure function of a person's words, where they are, what the project says, and the moment.

A person's own word comes first: a no always holds, a yes until it runs out. Silence is what the project takes it for,
as far as the law of the person's country lets it: a project can be stricter than the law, and looser only where it
states on which basis.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tailorbird.stages.consent.jurisdictions import country_code, find_rule
from tailorbird.types.consent import CHANNELS, JurisdictionRule, Ruling, Use, Words, consent_key
from tailorbird.types.settings import ConsentSettings, PurposeSettings, SilenceSettings

USES: Mapping[str, Use] = {"open_tracking": "pixel", "personalization": "profiling", "sale_sharing": "sale"}
"""What the purposes are that every project has, where it does not say so; any other is marketing."""

_DAYS_A_MONTH = 30.44


@dataclass(frozen=True)
class ConsentRules:
    """The project's rules over those of the law. A person without words, country or purchases is the strictest case."""

    settings: ConsentSettings

    @property
    def needs_purchases(self) -> bool:
        """Whether the moment of a person's last purchase can change anything."""
        return bool(self.settings.soft_opt_in) or any(self.settings.defaults.values())

    def looks_at_purchases(self, country: str) -> bool:
        """Whether the moment of the last purchase can change what silence means in a country."""
        for purpose in self.purposes():
            for channel in ("", *self.channels_of(purpose)):
                rule = find_rule(country, self.use_of(purpose), channel)
                soft = rule.soft_opt_in and purpose in self.settings.soft_opt_in
                if soft or (rule.regime == "implied" and self.settings.defaults.get(purpose)):
                    return True
        return False

    def purposes(self) -> tuple[str, ...]:
        """Every purpose that the project names, in its order."""
        told = self.settings
        known = (*told.purposes, *told.defaults, *told.soft_opt_in, *told.signals.gpc)
        return tuple(dict.fromkeys(known))

    def use_of(self, purpose: str) -> Use:
        """What a purpose is in the eyes of the law."""
        told = self.settings.purposes.get(purpose, PurposeSettings()).use
        return told or USES.get(purpose, "marketing")

    def channels_of(self, purpose: str) -> tuple[str, ...]:
        """The channels of a purpose; () for one that knows none, such as personalization."""
        told = self.settings.purposes.get(purpose, PurposeSettings()).channels
        return told or (("email",) if self.use_of(purpose) == "marketing" else ())

    def judge(
        self,
        words: Words,
        purpose: str,
        channel: str,
        country: str | None,
        purchased_at: datetime | None,
        moment: datetime,
    ) -> Ruling:
        """What is in force for a person at a moment: by the person's own words, else by what silence means."""
        if (ruling := self.judge_words(words, purpose, channel, moment)) is not None:
            return ruling
        if not self._knows(purpose, channel):
            return Ruling("denied", f"silence: {purpose} is not asked for {channel}")
        return self._judge_silence(purpose, channel, country, purchased_at, moment)

    def judge_words(self, words: Words, purpose: str, channel: str, moment: datetime) -> Ruling | None:
        """What the person's own words say; None where they are silent. A word on the whole purpose allows the channels
        that the purpose has, and forbids every channel."""
        own, whole = words.get(consent_key(purpose, channel)), words.get(purpose)
        word = own if own is not None or not (self._knows(purpose, channel) or whole is False) else whole
        if word is True:
            return Ruling("granted", "the person said yes")
        if isinstance(word, str):
            until = _moment(word)
            if until is not None and moment < until:
                return Ruling("granted", f"the person said yes, until {until:%Y-%m-%d %H:%M} UTC")
            return Ruling("expired", f"the person's yes ran out: {word}")
        if word is not None:
            return Ruling("denied", "the person said no")
        return None

    def _knows(self, purpose: str, channel: str) -> bool:
        """Whether a purpose is asked for a channel, or for none in particular."""
        return not channel or channel in self.channels_of(purpose) or not self.channels_of(purpose)

    def resolve(
        self, words: Words, country: str | None, purchased_at: datetime | None, moment: datetime
    ) -> dict[str, bool]:
        """{purpose, and purpose:channel where that differs: whether it is granted}, of all purposes that are known.

        A purpose that has channels is granted as a whole where any of them is: its data may be used, and each message
        asks for its channel.
        """
        found: dict[str, bool] = {}
        for purpose in dict.fromkeys((*self.purposes(), *(key.partition(":")[0] for key in words))):
            told = tuple(channel for name, _, channel in (key.partition(":") for key in words) if name == purpose)
            channels = dict.fromkeys((*self.channels_of(purpose), *filter(None, told)))
            if channels:
                channels |= dict.fromkeys(CHANNELS)
            by_channel = {
                channel: self.judge(words, purpose, channel, country, purchased_at, moment).granted
                for channel in channels
            }
            alone = self.judge(words, purpose, "", country, purchased_at, moment).granted
            whole = any(by_channel.values()) if self.channels_of(purpose) else alone
            found[purpose] = whole
            found |= {consent_key(purpose, channel): yes for channel, yes in by_channel.items() if yes != whole}
        return found

    def _judge_silence(
        self, purpose: str, channel: str, country: str | None, purchased_at: datetime | None, moment: datetime
    ) -> Ruling:
        where = country_code(country) or "country unknown"
        rule = find_rule(country, self.use_of(purpose), channel)
        stated = self._stated(purpose, channel, country_code(country))
        bought = purchased_at is not None and purchased_at <= moment
        if purpose in self.settings.soft_opt_in and rule.soft_opt_in and bought:
            return Ruling("granted", f"silence, but a customer: soft opt-in; {where}: {rule.law}")
        if not self.settings.defaults.get(purpose, False):
            return Ruling("denied", "silence, which the project takes for a no")
        if stated is not None:
            if stated.regime == "opt_out":
                return Ruling("granted", f"silence; {where}: the project's own basis: {stated.basis}")
            return Ruling("denied", f"silence; {where}: the project asks for a yes: {stated.basis}")
        if rule.regime == "implied":
            return _judge_implied(rule, where, purchased_at, moment)
        if rule.regime == "opt_out":
            return Ruling("granted", f"silence; {where}: opt-out, {rule.law}")
        return Ruling("denied", f"silence; {where}: opt-in, {rule.law}")

    def _stated(self, purpose: str, channel: str, code: str) -> SilenceSettings | None:
        """What the project itself states of silence there, the stricter of two first."""
        fits = [
            one
            for one in self.settings.silence
            if purpose in one.purposes
            and (not one.channels or channel in one.channels)
            and (code in one.jurisdictions or "*" in one.jurisdictions)
        ]
        return min(fits, key=lambda one: one.regime, default=None)  # opt_in comes before opt_out


def _judge_implied(rule: JurisdictionRule, where: str, purchased_at: datetime | None, moment: datetime) -> Ruling:
    if purchased_at is None or purchased_at > moment:
        return Ruling("denied", f"silence, and no purchase that implies a yes; {where}: {rule.law}")
    age_months = (moment - purchased_at).total_seconds() / 86400 / _DAYS_A_MONTH
    if age_months > rule.implied_months:
        return Ruling("expired", f"silence, and the last purchase is {int(age_months)} months ago; {where}: {rule.law}")
    return Ruling("granted", f"silence, but a purchase on {purchased_at:%Y-%m-%d} implies a yes; {where}: {rule.law}")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
