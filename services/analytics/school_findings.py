"""What the pictures of a school say, in one sentence each. Pure rules on figures."""

from collections.abc import Sequence

from services.analytics.school import Following, SchoolDay, SchoolWeek
from services.core.phrases import Phrase, phrase, plural

MANY = 1_000
"""activities that a follower can be behind in ordinary use, while a class is on"""


def month(now: int | None, before: int | None) -> Phrase:
    """Return whether more or fewer people are active than in the four weeks before."""
    if now is None:
        return phrase('Fewer than ten people were active in four weeks; how many is not shown.')
    if not now:
        return phrase('Nobody was active in four weeks.')
    if before is None or now == before:
        return plural(
            'About 1 person was active in four weeks.', 'About {count} people were active in four weeks.', now
        )
    return plural(
        'About 1 person was active in four weeks; {before} in the four weeks before.',
        'About {count} people were active in four weeks; {before} in the four weeks before.',
        now,
        before=before,
    )


def days(found: Sequence[SchoolDay]) -> Phrase:
    """Return on how many days most came."""
    known = [day.active_people for day in found if day.active_people]
    if not known:
        return phrase('On no day were there ten people or more; smaller numbers are not shown.')
    return plural('Up to about 1 person a day was active.', 'Up to about {count} people a day were active.', max(known))


def weeks(found: Sequence[SchoolWeek]) -> Phrase:
    """Return how much was studied in the last full week."""
    full = [week for week in found if week.sessions is not None]
    if not full:
        return phrase('In no full week did forty people or more study; smaller numbers are not shown.')
    return plural(
        'About 1 learning session in the last full week, of {minutes} minutes.',
        'About {count} learning sessions in the last full week, of {minutes} minutes on average.',
        full[-1].sessions or 0,
        minutes=round((full[-1].mean_session_seconds or 0) / 60),
    )


def upkeep(jobs_failed: int, followers: Sequence[Following]) -> Phrase:
    """Return whether the server keeps up, and if not, what to do."""
    if troubled := [each for each in followers if each.problem]:
        return phrase('The figures stand still: “{name}” has a problem.', name=troubled[0].name)
    if jobs_failed:
        return plural('1 job has failed; look at it.', '{count} jobs have failed; look at them.', jobs_failed)
    behind = max((each.behind for each in followers), default=0)
    if behind >= MANY:
        return plural('The figures are 1 activity behind.', 'The figures are {count} activities behind.', behind)
    return phrase('The server keeps up.')
