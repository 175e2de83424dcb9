"""A project folder, parsed and cross-checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tailorbird.project.brand import read_brand
from tailorbird.project.errors import ProjectError
from tailorbird.project.feature_files import read_features
from tailorbird.project.knowledge_files import read_knowledge, with_knowledge
from tailorbird.project.pilot_files import read_pilots
from tailorbird.project.plan_file import read_plan
from tailorbird.project.policies import Policies, read_policies
from tailorbird.project.prompts import read_prompts
from tailorbird.project.references import check_locales, check_references
from tailorbird.project.review_file import read_review
from tailorbird.project.source import parse
from tailorbird.project.templates import read_templates
from tailorbird.types.audience import AudienceRule
from tailorbird.types.brand import Brand
from tailorbird.types.campaign import Campaign
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.knowledge import KnowledgeTable
from tailorbird.types.mapping import ImportMapping
from tailorbird.types.pilot import PilotSpec
from tailorbird.types.prompt import Prompt
from tailorbird.types.review_policy import ReviewPolicy
from tailorbird.types.settings import Settings
from tailorbird.types.template import Template
from tailorbird.types.tracking_plan import TrackingPlan


@dataclass(frozen=True)
class Project:
    """Everything a user's folder says. Derived state lives in `root / '.tailorbird'`."""

    root: Path
    settings: Settings
    brand: Brand
    features: tuple[FeatureDefinition, ...]
    audiences: Mapping[str, AudienceRule]
    prompts: Mapping[str, Prompt]
    templates: Mapping[str, Template]
    campaigns: Mapping[str, Campaign]
    mappings: Mapping[str, ImportMapping]
    plan: TrackingPlan | None = None
    knowledge: Mapping[str, KnowledgeTable] = field(default_factory=dict)
    review: ReviewPolicy | None = None
    policies: Policies = field(default_factory=Policies)
    pilots: Mapping[str, PilotSpec] = field(default_factory=dict)

    @property
    def state_dir(self) -> Path:
        """Where derived state lives."""
        return self.root / ".tailorbird"

    def campaign(self, name: str) -> Campaign:
        """A campaign by name; ProjectError naming the ones there are."""
        if name not in self.campaigns:
            known = ", ".join(sorted(self.campaigns)) or "none"
            raise ProjectError(self.root / "campaigns", None, "", f"no campaign {name!r}; there are: {known}")
        return self.campaigns[name]


def load_project(root: Path) -> Project:
    """Parse a project folder. Raises ProjectError at the first mistake, with file, line, field and mend."""
    if not (root / "tailorbird.yaml").exists():
        raise ProjectError(root, None, "", "no tailorbird.yaml here; name a project folder, or run 'tailorbird init'")
    settings: Settings = parse(root / "tailorbird.yaml", Settings)
    knowledge = read_knowledge(root / "knowledge")
    settings = with_knowledge(root, settings, knowledge)
    features = read_features(root / "features")
    campaigns: dict[str, Campaign] = {p.stem: parse(p, Campaign) for p in sorted((root / "campaigns").glob("*.yaml"))}
    audiences: dict[str, AudienceRule] = {
        p.stem: parse(p, AudienceRule) for p in sorted((root / "audiences").glob("*.yaml"))
    }
    mappings: dict[str, ImportMapping] = {
        p.stem: parse(p, ImportMapping) for p in sorted((root / "imports").glob("*.yaml"))
    }
    brand = read_brand(root / "brand", settings)
    project = Project(
        root=root,
        settings=settings,
        brand=brand,
        features=features,
        audiences=audiences,
        prompts=read_prompts(root / "prompts"),
        templates=read_templates(root / "templates"),
        campaigns=campaigns,
        mappings=mappings,
        knowledge=knowledge,
        plan=read_plan(root),
        review=read_review(root),
        policies=read_policies(root, brand),
        pilots=read_pilots(root, campaigns),
    )
    check_locales(root, settings, project.brand, project.templates, campaigns)
    check_references(
        root,
        settings,
        project.features,
        audiences,
        project.prompts,
        project.templates,
        campaigns,
        mappings,
        project.brand.approved,
    )
    return project
