"""From briefs to prompts, and from what a model wrote to slot-form drafts."""
