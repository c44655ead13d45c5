"""What happens when lists of the school are brought in, in words."""

from collections.abc import Callable, Mapping

from services.people.oneroster.steps import Kind, Step
from ui.kit.language import _, ngettext

WORDS: Mapping[Kind, Callable[[int], str]] = {
    Kind.NEW_LEARNER: lambda count: ngettext(
        '{count} learner is new and gets a code', '{count} learners are new and get codes', count
    ),
    Kind.NEW_TEACHER: lambda count: ngettext(
        '{count} teacher is new and gets an account', '{count} teachers are new and get accounts', count
    ),
    Kind.KNOWN: lambda count: ngettext(
        '{count} person has an account here', '{count} people have accounts here', count
    ),
    Kind.BACK: lambda count: ngettext('{count} person has come back', '{count} people have come back', count),
    Kind.RENAMED: lambda count: ngettext(
        '{count} learner gets another name', '{count} learners get other names', count
    ),
    Kind.LEFT: lambda count: ngettext(
        '{count} person has left, and is marked', '{count} people have left, and are marked', count
    ),
    Kind.NEW_CLASS: lambda count: ngettext('{count} class becomes a course', '{count} classes become courses', count),
    Kind.TIED: lambda count: ngettext(
        '{count} class is tied to a course that is here', '{count} classes are tied to courses that are here', count
    ),
    Kind.RESUMED: lambda count: ngettext('{count} course comes back', '{count} courses come back', count),
    Kind.RETITLED: lambda count: ngettext(
        '{count} course gets another title', '{count} courses get other titles', count
    ),
    Kind.ENDED: lambda count: ngettext('{count} course is archived', '{count} courses are archived', count),
    Kind.ENTERS: lambda count: ngettext(
        '{count} learner gets into a course', '{count} places in courses for learners', count
    ),
    Kind.BACK_IN: lambda count: ngettext(
        '{count} learner comes back to a course', '{count} learners come back to courses', count
    ),
    Kind.TEACHES: lambda count: ngettext('{count} teacher gets a course', '{count} courses for teachers', count),
    Kind.HERE: lambda count: ngettext('{count} place is there already', '{count} places are there already', count),
    Kind.STAYS_OUT: lambda count: ngettext(
        '{count} learner was taken out, stays so', '{count} learners were taken out, stay so', count
    ),
    Kind.LEAVES: lambda count: ngettext('{count} learner leaves a course', '{count} learners leave courses', count),
    Kind.STOPS_TEACHING: lambda count: ngettext(
        '{count} teacher gives up a course', '{count} teachers give up courses', count
    ),
    Kind.KEEPS_ANOTHER: lambda count: ngettext(
        '{count} place of two in a course ends', '{count} places of two in a course end', count
    ),
}
"""what happens to so many people, classes or places, in the order in which it is shown"""


def about_step(step: Step) -> str:
    """Return what else there is to say of a step: the address, the name before, or the course."""
    if step.kind in {Kind.RENAMED, Kind.RETITLED}:
        return _('before: {name}', name=step.about)
    if step.kind is Kind.TIED:
        return _('course: {title}', title=step.about)
    return step.about
