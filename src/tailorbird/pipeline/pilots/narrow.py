"""A selection narrowed to the slice of a pilot."""

from dataclasses import replace

from tailorbird.pipeline.select_people import EmptyAudienceError, Selection
from tailorbird.stages.pilots.progress import in_slice


def narrow(selection: Selection, campaign: str, share: float) -> Selection:
    """The selection without those outside of the slice, who count as excluded by 'pilot'.

    Arms were drawn before, independently of the slice, so that inside it they stand in the same ratio; so do those who
    are held out of all campaigns.
    EmptyAudienceError: the slice holds nobody.
    """
    if share >= 1:
        return selection

    def inside(row: int) -> bool:
        return in_slice(campaign, selection.profiles[row].person_id, share)

    kept = [place for place, row in enumerate(selection.treated) if inside(row)]
    treated, held = [selection.treated[place] for place in kept], [row for row in selection.holdout if inside(row)]
    if not treated:
        raise EmptyAudienceError(f"the pilot's slice of {share:.1%} holds nobody of {len(selection.treated):,} people")
    outside = len(selection.treated) + len(selection.holdout) - len(treated) - len(held)
    return replace(
        selection,
        treated=treated,
        holdout=held,
        global_holdout=[row for row in selection.global_holdout if inside(row)],
        variants=[selection.variants[place] for place in kept] if selection.variants else (),
        excluded={**selection.excluded, "pilot": outside},
    )
