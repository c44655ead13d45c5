"""How a learner does at the checkpoints with each tag: strengths, and what is worth another look. Pure rules."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from services.analytics.course_facts import CountedCheckpoint

STRONG, WEAK = 85, 70
"""mean scores from which on, and below which, a tag is a strength or something to work on"""
FEWEST_SCORED = 2
"""scored checkpoints with a tag, so that anything can be said of it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFigures:
    """How the learner does at the checkpoints with one tag."""

    tag: str
    tag_mean: float
    scored: int
    """how many checkpoints that is the mean of"""

    @property
    def is_strong(self) -> bool:
        """Whether it is a strength."""
        return self.tag_mean >= STRONG

    @property
    def is_weak(self) -> bool:
        """Whether it is something to work on."""
        return self.tag_mean < WEAK


def means_by_tag(checkpoints: Sequence[CountedCheckpoint], scores: Mapping[int, int]) -> tuple[TagFigures, ...]:
    """Return the mean score of each tag that at least two scored checkpoints have, the best first."""
    found = defaultdict[str, list[int]](list)
    for checkpoint in checkpoints:
        for tag in checkpoint.tags:
            if checkpoint.checkpoint_id in scores:
                found[tag].append(scores[checkpoint.checkpoint_id])
    means = [
        TagFigures(tag=tag, tag_mean=fmean(its), scored=len(its))
        for tag, its in found.items()
        if len(its) >= FEWEST_SCORED
    ]
    return tuple(sorted(means, key=lambda each: (-each.tag_mean, each.tag)))
