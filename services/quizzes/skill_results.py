"""What the answers of graded attempts say of skills, as it is recorded.

Every tag of a question is a skill; a question without tags trains those of its checkpoint. What was not answered says
nothing: the learner may not have come to it. Practice counts here, because every answer shows what somebody knows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import uuid4

from sqlalchemy import Dialect, Integer, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from models import Attempt, AttemptAnswer, Checkpoint, Course, QuestionVersion, Skill, SkillEstimate, Verb, table
from services.activity.log import Entry
from services.core.database import Transaction
from services.core.sql.in_list import among, number_pair_among
from services.core.sql.prepared import Prepared
from services.quizzes import bank
from services.quizzes.estimating import USUAL_RATE, smoothed
from services.quizzes.mastery import owners_of
from services.quizzes.question import WHOLE

LONGEST = 250
"""characters in what one activity says; more skills need another one"""
Shown = Mapping[str, str]
"""results by the name of the skill"""


def entries(tx: Transaction, attempts: Sequence[Attempt]) -> list[Entry]:
    """Return what is new of the skills that graded attempts show."""
    shown = _shown(tx, attempts)
    if not shown:
        return []
    skills = _skills(tx, {(attempt.course_id, name) for attempt in attempts for name in shown.get(attempt.id, ())})
    named = {
        attempt.id: {skills[attempt.course_id, name]: said for name, said in shown.get(attempt.id, {}).items()}
        for attempt in attempts
    }
    news = _news(tx, attempts, named)
    rates = _rates(tx, {skill for said in news.values() for skill in said})
    return [entry for attempt in attempts for entry in _told(tx, attempt, news[attempt.id], rates)]


def _shown(tx: Transaction, attempts: Sequence[Attempt]) -> dict[int, Shown]:
    """Return what attempts show, by attempt, in the order in which the answers were given."""
    rows = _RESULTS.rows(tx.connection, attempts=[attempt.id for attempt in attempts])
    tags = _tags(tx, {version_id for _, version_id, _ in rows})
    untagged = {attempt_id for attempt_id, version_id, _ in rows if not tags[version_id]}
    of_checkpoint = _tags_of_checkpoints(tx, [attempt for attempt in attempts if attempt.id in untagged])
    shown: dict[int, dict[str, str]] = defaultdict(lambda: defaultdict(str))
    for attempt_id, version_id, credit in rows:
        tenths = round(10 * credit / WHOLE)
        for name in tags[version_id] or of_checkpoint[attempt_id]:
            shown[attempt_id][name] += 'X' if tenths == 10 else f'{tenths}'
    return dict(shown)


def _tags(tx: Transaction, versions: Iterable[int]) -> dict[int, tuple[str, ...]]:
    rows = _VERSIONS.rows(tx.connection, versions=sorted(versions))
    return {id_: bank.content_of(id_, content).tags for id_, content in rows}


def _tags_of_checkpoints(tx: Transaction, attempts: Sequence[Attempt]) -> dict[int, tuple[str, ...]]:
    return {each.id: tuple(tx.session.get_one(Checkpoint, each.checkpoint_id).tags) for each in attempts}


def _skills(tx: Transaction, names: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Return the ids of skills, those that are new with new ones."""
    courses = sorted({course_id for course_id, _ in names})
    known = {(course_id, name): id_ for id_, course_id, name in _SKILLS.rows(tx.connection, courses=courses)}
    if new := names - known.keys():
        _ADD_SKILL.each(tx.connection, [{'course_id': course_id, 'name': name} for course_id, name in sorted(new)])
        known = {(course_id, name): id_ for id_, course_id, name in _SKILLS.rows(tx.connection, courses=courses)}
    return known


def _news(
    tx: Transaction, attempts: Sequence[Attempt], named: Mapping[int, Mapping[int, str]]
) -> dict[int, dict[int, str]]:
    """Return what the log does not say yet, by attempt and skill; empty for a skill that is not in it now."""
    owners = owners_of(tx, {attempt.user_id for attempt in attempts})
    keys = sorted({(owners.get(each.user_id, each.user_id), each.course_id) for each in attempts})
    stored: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for user_id, skill_id, results in _STORED.rows(tx.connection, keys=keys):
        for attempt_id, said in results.items():
            stored[user_id, attempt_id][skill_id] = said
    news = {}
    for attempt in attempts:
        before = stored[owners.get(attempt.user_id, attempt.user_id), str(attempt.id)]
        after = dict.fromkeys(before, '') | dict(named[attempt.id])
        news[attempt.id] = {skill: said for skill, said in after.items() if before.get(skill, '') != said}
    return news


def _rates(tx: Transaction, skills: set[int]) -> dict[int, int]:
    """Return percent of all answers to skills that were right so far."""
    known = {skill: (tenths, answers) for skill, tenths, answers in _TOTALS.rows(tx.connection, skills=sorted(skills))}
    return {
        skill: round(100 * smoothed(tenths / 10, answers, USUAL_RATE))
        for skill in skills
        for tenths, answers in [known.get(skill, (0, 0))]
    }


def _told(tx: Transaction, attempt: Attempt, news: Mapping[int, str], rates: Mapping[int, int]) -> Iterator[Entry]:
    """Yield the activities that say what is new; usually one."""
    mark = tx.session.get_one(Course, attempt.course_id).mastery_percent
    for skills in _parted([f'{skill}:{rates[skill]}:{said}' for skill, said in sorted(news.items())]):
        yield Entry(
            user_id=attempt.user_id,
            tap_id=f'skills:{attempt.id}:{uuid4().hex[:16]}',
            verb=Verb.SKILLS_SHOWN,
            course_id=attempt.course_id,
            checkpoint_id=attempt.checkpoint_id,
            session_id=attempt.session_id,
            mode=attempt.mode,
            details={'attempt': attempt.id, 'mark': mark, 'skills': skills},
            happened_at=attempt.submitted_at,
        )


def _parted(words: Sequence[str]) -> Iterator[str]:
    """Yield words joined by blanks, as many at a time as one activity can say."""
    line = ''
    for word in words:
        if line and len(line) + 1 + len(word) > LONGEST:
            yield line
            line = ''
        line = f'{line} {word}' if line else word
    if line:
        yield line


_answers, _versions = table(AttemptAnswer), table(QuestionVersion)
_skill_rows, _estimates = table(Skill), table(SkillEstimate)
_RESULTS = Prepared(
    select(_answers.c.attempt_id, _answers.c.version_id, _answers.c.credit)
    .where(among(_answers.c.attempt_id, 'attempts'), _answers.c.credit.is_not(None), _answers.c.answer.is_not(None))
    .order_by(_answers.c.attempt_id, _answers.c.saved_at, _answers.c.position)
)
_VERSIONS = Prepared(select(_versions.c.id, _versions.c.content).where(among(_versions.c.id, 'versions')))
_SKILLS = Prepared(
    select(_skill_rows.c.id, _skill_rows.c.course_id, _skill_rows.c.name).where(
        among(_skill_rows.c.course_id, 'courses')
    )
)
_STORED = Prepared(
    select(_estimates.c.user_id, _estimates.c.skill_id, _estimates.c.results).where(
        number_pair_among(_estimates.c.user_id, _estimates.c.course_id, 'keys')
    )
)
_TOTALS = Prepared(
    select(
        _estimates.c.skill_id,
        cast(func.sum(_estimates.c.tenths), Integer),
        cast(func.sum(_estimates.c.answers), Integer),
    )
    .where(among(_estimates.c.skill_id, 'skills'))
    .group_by(_estimates.c.skill_id)
)


def _adding(dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    row = sqlite.insert(_skill_rows) if dialect.name == 'sqlite' else postgresql.insert(_skill_rows)
    return row.on_conflict_do_nothing()


_ADD_SKILL = Prepared(_adding, columns=('course_id', 'name'))
