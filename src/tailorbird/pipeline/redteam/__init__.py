"""The red team: attacks on a project, through the pipeline that would write to its customers."""
