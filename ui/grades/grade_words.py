"""The words for grades."""

from collections.abc import Mapping

from services.grades.book import Cell, Gradebook, Mark, OwnGrades, Thing
from services.grades.entering import EXCUSED
from services.grades.explaining import shown
from services.grades.totals import Explanation
from ui.kit.language import Spoken, _
from ui.kit.time_format import short

MARKS: Mapping[Mark, str] = Spoken(
    {
        Mark.NONE: lambda: '',
        Mark.GRADED: lambda: '',
        Mark.LATE: lambda: _('late'),
        Mark.WAITING: lambda: _('to grade'),
        Mark.MISSING: lambda: _('missing'),
        Mark.SET: lambda: _('set by hand'),
        Mark.EXCUSED: lambda: _('excused'),
        Mark.HIDDEN: lambda: _('not shown yet'),
        Mark.BEFORE: lambda: _('due before joining'),
    }
)


def grade(cell: Cell, *, is_own: bool = False) -> str:
    """Return one grade with what there is to say of it, to those who teach or to the learner."""
    said = _('before you joined') if is_own and cell.mark is Mark.BEFORE else MARKS[cell.mark]
    parts = ['' if cell.score is None else str(cell.score), said]
    return ' · '.join(part for part in parts if part) or '–'


def as_typed(cell: Cell) -> str:
    """Return what somebody would type for a grade that is there."""
    if cell.mark is Mark.EXCUSED:
        return EXCUSED
    return '' if cell.score is None else str(cell.score)


def seen(cell: Cell) -> int | str | None:
    """Return a grade as `entering.enter` compares it with the one that is there."""
    return EXCUSED if cell.mark is Mark.EXCUSED else cell.score


def total(explanation: Explanation) -> str:
    """Return a total with its letter."""
    number = shown(explanation.total)
    return f'{number} · {explanation.letter}' if explanation.letter else number


def about(book: Gradebook | OwnGrades, thing: Thing) -> str:
    """Return the category of a graded thing with its weight, and when it is due."""
    names = {each.category_id: each for each in book.how.categories}
    parts = []
    if category := names.get(thing.category_id or 0):
        parts.append(_('{category}, weight {weight}', category=category.name, weight=category.weight))
    if not thing.counts or (names and thing.category_id not in names):
        parts.append(_('does not count'))
    if thing.due_at:
        parts.append(_('due {moment}', moment=short(thing.due_at)))
    return ' · '.join(parts)
