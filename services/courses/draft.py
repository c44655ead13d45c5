"""A course as a file describes it, before it is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from services.assignments.rules import Rules as AssignmentRules
from services.courses.checkpoints import Details
from services.courses.grade_rules import Category, Letters
from services.quizzes.question import Question
from services.quizzes.quiz_settings import QuizItem, Rules

RULE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        'minutes': 'minutes',
        'attempts': 'attempts_allowed',
        'opens': 'opens_at',
        'closes': 'closes_at',
        'passing_percent': 'passing_percent',
        'practice': 'is_practice',
        'adaptive': 'is_adaptive',
        'asks_confidence': 'asks_confidence',
        'one_at_a_time': 'one_at_a_time',
        'may_go_back': 'may_go_back',
        'shuffles_questions': 'shuffles_questions',
        'shuffles_options': 'shuffles_options',
        'shows_score': 'shows_score',
        'shows_right': 'shows_right',
        'shows_solution': 'shows_solution',
        'shows_feedback': 'shows_feedback',
    }
)
"""what a file calls the rules of a quiz; its bands have parts of their own"""


ASSIGNMENT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        'text': 'takes_text',
        'late': 'takes_late',
        'graded': 'is_graded',
        'resubmit': 'may_resubmit',
        'hides_names': 'hides_names',
        'most_files': 'most_files',
        'passing_percent': 'passing_percent',
    }
)
"""what a file calls the rules of an assignment; its kinds of files and its rubric are lists"""


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
class DraftQuiz:
    """A quiz that a file describes."""

    is_published: bool
    rules: Rules
    items: tuple[QuizItem, ...]
    """a fixed question by its number in the file"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftGrade:
    """How something that is graded counts, as a file says it."""

    category: str = ''
    """the name of a category of the file; empty for none"""
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftGrading:
    """How a course is graded, as a file says it."""

    missing_counts: bool = False
    letters: Letters = ()
    categories: tuple[Category, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCheckpoint:
    """A checkpoint that a file describes."""

    details: Details
    file: DraftFile | None = None
    captions: DraftFile | None = None
    quiz: DraftQuiz | None = None
    assignment: AssignmentRules | None = None
    grade: DraftGrade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftModule:
    """A module that a file describes."""

    title: str
    description: str = ''
    checkpoints: tuple[DraftCheckpoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A course that a file describes."""

    title: str
    subject: str
    description: str
    classmates_help: bool = False
    gives_certificates: bool = True
    alerts: Mapping[str, int] = field(default_factory=dict)
    """when a learner in class needs a look; empty for what new courses begin with"""
    mastery_percent: int | None = None
    grading: DraftGrading = field(default_factory=DraftGrading)
    modules: tuple[DraftModule, ...]
    questions: Mapping[int, Question] = field(default_factory=dict)
    """what the bank will have, by their numbers in the file"""

    def files(self) -> Iterator[DraftFile]:
        """Yield everything that checkpoints refer to, in order."""
        for module in self.modules:
            for checkpoint in module.checkpoints:
                yield from (each for each in (checkpoint.file, checkpoint.captions) if each)
