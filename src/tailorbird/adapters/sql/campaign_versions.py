"""Versions of campaigns."""

from dataclasses import asdict

import sqlalchemy as sa
from pydantic import TypeAdapter

from tailorbird.adapters.sql.database import reading, upsert
from tailorbird.adapters.sql.experiment_tables import campaign_versions
from tailorbird.types.campaign_version import CampaignVersion, VersionState

_V = campaign_versions.c
_WHOLE = TypeAdapter(CampaignVersion)


class SqlCampaignVersions:
    """`CampaignVersions` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save(self, version: CampaignVersion) -> None:
        """Keep a version, or replace it."""
        prompts = {name: asdict(prompt) for name, prompt in version.prompts.items()}
        row = {**asdict(version), "lines": dict(version.lines), "prompts": prompts}
        with self._engine.begin() as connection:
            upsert(connection, campaign_versions, [row])

    def mark(self, campaign: str, version: str, state: VersionState) -> None:
        """Set the state of one version."""
        here = sa.and_(_V.campaign == campaign, _V.version == version)
        with self._engine.begin() as connection:
            connection.execute(sa.update(campaign_versions).where(here).values(state=state))

    def find(self, campaign: str) -> list[CampaignVersion]:
        """The campaign's versions, oldest first."""
        query = sa.select(campaign_versions).where(_V.campaign == campaign).order_by(_V.at, _V.version)
        with reading(self._engine) as connection:
            return [_WHOLE.validate_python(dict(row)) for row in connection.execute(query).mappings()]
