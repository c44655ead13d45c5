"""A course as a file describes it, before it is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.courses.checkpoints import Details


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFile:
    """A video, a document or captions that a checkpoint refers to."""

    path: str
    """where it is in the archive"""
    name: str
    """what people call it"""
    line: int
    """where the file refers to it"""
    part: str
    """which part of the checkpoint it is; see `services.content.uploads.slots.Part`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCheckpoint:
    """A checkpoint that a file describes."""

    details: Details
    file: DraftFile | None = None
    captions: DraftFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftModule:
    """A module that a file describes."""

    title: str
    description: str = ''
    steps: tuple[DraftCheckpoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A course that a file describes."""

    title: str
    subject: str
    description: str
    classmates_help: bool = False
    alerts: Mapping[str, int] = field(default_factory=dict)
    """when a learner in class needs a look; empty for what new courses begin with"""
    modules: tuple[DraftModule, ...]

    def files(self) -> Iterator[DraftFile]:
        """Yield everything that checkpoints refer to, in order."""
        for module in self.modules:
            for checkpoint in module.steps:
                yield from (each for each in (checkpoint.file, checkpoint.captions) if each)
