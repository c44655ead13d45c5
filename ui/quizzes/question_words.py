"""What kinds of questions, ways to count, and changes are called on screens, in one place."""

from collections.abc import Mapping
from decimal import Decimal

from services.enums import Change
from services.quizzes.question import CreditRule, QuestionKind, Tolerance
from services.quizzes.skill_results import TYPED_IN_CLASS
from ui.kit.language import Spoken, _, ngettext

KINDS: Mapping[QuestionKind, str] = Spoken(
    {
        QuestionKind.SINGLE_CHOICE: lambda: _('Single choice'),
        QuestionKind.MULTIPLE_CHOICE: lambda: _('Multiple choice'),
        QuestionKind.TRUE_FALSE: lambda: _('True or false'),
        QuestionKind.NUMERIC: lambda: _('Number'),
        QuestionKind.SHORT_TEXT: lambda: _('Short text'),
        QuestionKind.ESSAY: lambda: _('Essay'),
        QuestionKind.MATCHING: lambda: _('Matching'),
        QuestionKind.ORDERING: lambda: _('Ordering'),
    }
)

RULES: Mapping[CreditRule, str] = Spoken(
    {
        CreditRule.GUESS_NEUTRAL: lambda: _('Part of the points; guessing does not pay'),
        CreditRule.ALL_OR_NOTHING: lambda: _('All or nothing'),
        CreditRule.RIGHT_MINUS_WRONG: lambda: _('Right less wrong'),
        CreditRule.OWN_WEIGHTS: lambda: _('My own percentages'),
    }
)

TOLERANCES: Mapping[Tolerance, str] = Spoken(
    {
        Tolerance.NOMINAL: lambda: _('plus or minus'),
        Tolerance.RELATIVE: lambda: _('percent of it'),
        Tolerance.GEOMETRIC: lambda: _('as a factor, such as 1.1'),
    }
)

CHANGES: Mapping[Change, str] = Spoken(
    {
        Change.FROM_NOW_ON: lambda: _('From now on: attempts that are over stay as they are'),
        Change.REGRADE: lambda: _('Grade them again with this version'),
        Change.ACCEPT_BOTH: lambda: _('Accept what was right before, and what is right now'),
        Change.FULL_CREDIT: lambda: _('Give everybody the full points for this question'),
    }
)


def points_shown(points: Decimal) -> str:
    """Return points with at most two places."""
    return format(round(points, 2).normalize(), 'f')


def points_words(points: Decimal) -> str:
    """Return what a question is worth."""
    return ngettext('{points} point', '{points} points', 1 if points == 1 else 2, points=points_shown(points))


def tag_words(tag: str) -> str:
    """Return a tag as it is shown: those of teachers as they wrote them, our own in the reader's language."""
    return _('asked in class') if tag == TYPED_IN_CLASS else tag
