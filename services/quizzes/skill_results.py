"""What the answers of graded attempts, and those in class, say of skills, as it is recorded.

Every tag of a question is a skill; a question without tags trains those of its checkpoint. What was not answered says
nothing: the learner may not have come to it. Practice counts here, because every answer shows what somebody knows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Dialect, Integer, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from models import Attempt, AttemptAnswer, Checkpoint, Mode, QuestionVersion, Skill, SkillEstimate, Verb, table
from services.activity.log import Entry
from services.core.events import Detail
from services.core.sql.in_list import among, number_pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.quizzes import bank
from services.quizzes.estimating import USUAL_RATE, smoothed
from services.quizzes.mastery import marks_of, owners_of
from services.quizzes.question import WHOLE
from services.quizzes.skill_estimates import key_of

LONGEST = 250
"""characters in what one activity says; more skills need another one"""
TYPED_IN_CLASS = 'asked in class'
"""the tag of a question that was typed during a class: it says where it comes from, and is no skill"""
Shown = Mapping[str, str]
"""results by the name of the skill"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What shows skills: an attempt, or one learner's answer to a question in class."""

    name: Mapping[str, Detail]
    """as the details of an activity name it, see `key_of`"""
    user_id: int
    course_id: int
    checkpoint_id: int | None = None
    session_id: int | None
    mode: Mode | None
    at: datetime | None
    shown: Shown


def entries(tx: Transaction, attempts: Sequence[Attempt]) -> list[Entry]:
    """Return what is new of the skills that graded attempts show."""
    shown = _shown(tx, attempts)
    if not shown:
        return []
    return told(
        tx,
        [
            Source(
                name={'attempt': attempt.id},
                user_id=attempt.user_id,
                course_id=attempt.course_id,
                checkpoint_id=attempt.checkpoint_id,
                session_id=attempt.session_id,
                mode=attempt.mode,
                at=attempt.submitted_at,
                shown=shown.get(attempt.id, {}),
            )
            for attempt in attempts
        ],
    )


def told(tx: Transaction, sources: Sequence[Source]) -> list[Entry]:
    """Return what is new of the skills that attempts or answers show, each of them once."""
    skills = _skills(tx, {(source.course_id, name) for source in sources for name in source.shown})
    news = _news(tx, sources, skills)
    rates = _rates(tx, {skill for said in news for skill in said})
    marks = marks_of(tx, {source.course_id for source in sources})
    return [
        entry
        for source, said in zip(sources, news, strict=True)
        for entry in _told(source, said, rates, mark=marks[source.course_id])
    ]


def skills_of(tags: Sequence[str]) -> tuple[str, ...]:
    """Return which of the tags of a question are skills."""
    return tuple(tag for tag in tags if tag != TYPED_IN_CLASS)


def result(credit: int) -> str:
    """Return how right an answer was as the log says it, in tenths; `credit` is of 10,000."""
    tenths = round(10 * credit / WHOLE)
    return 'X' if tenths == 10 else f'{tenths}'


def _shown(tx: Transaction, attempts: Sequence[Attempt]) -> dict[int, Shown]:
    """Return what attempts show, by attempt, in the order in which the answers were given."""
    rows = _RESULTS.rows(tx.connection, attempts=[attempt.id for attempt in attempts])
    tags = _tags(tx, {version_id for _, version_id, _ in rows})
    untagged = {attempt_id for attempt_id, version_id, _ in rows if not tags[version_id]}
    of_checkpoint = _tags_of_checkpoints(tx, [attempt for attempt in attempts if attempt.id in untagged])
    shown: dict[int, dict[str, str]] = defaultdict(lambda: defaultdict(str))
    for attempt_id, version_id, credit in rows:
        for name in tags[version_id] or of_checkpoint[attempt_id]:
            shown[attempt_id][name] += result(credit)
    return dict(shown)


def _tags(tx: Transaction, versions: Iterable[int]) -> dict[int, tuple[str, ...]]:
    rows = _VERSIONS.rows(tx.connection, versions=sorted(versions))
    return {id_: skills_of(bank.content_of(id_, content).tags) for id_, content in rows}


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


def _news(tx: Transaction, sources: Sequence[Source], skills: Mapping[tuple[int, str], int]) -> list[dict[int, str]]:
    """Return what the log does not say yet of each source, by skill; empty for a skill that is not in it now."""
    owners = owners_of(tx, {source.user_id for source in sources})
    keys = sorted({(owners.get(each.user_id, each.user_id), each.course_id) for each in sources})
    stored: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for user_id, skill_id, results in _STORED.rows(tx.connection, keys=keys):
        for key, said in results.items():
            stored[user_id, key][skill_id] = said
    news = []
    for source in sources:
        before = stored[owners.get(source.user_id, source.user_id), key_of(source.name)]
        named = {skills[source.course_id, name]: said for name, said in source.shown.items()}
        after = dict.fromkeys(before, '') | named
        news.append({skill: said for skill, said in after.items() if before.get(skill, '') != said})
    return news


def _rates(tx: Transaction, skills: set[int]) -> dict[int, int]:
    """Return percent of all answers to skills that were right so far."""
    known = {skill: (tenths, answers) for skill, tenths, answers in _TOTALS.rows(tx.connection, skills=sorted(skills))}
    return {
        skill: round(100 * smoothed(tenths / 10, answers, USUAL_RATE))
        for skill in skills
        for tenths, answers in [known.get(skill, (0, 0))]
    }


def _told(source: Source, news: Mapping[int, str], rates: Mapping[int, int], *, mark: int) -> Iterator[Entry]:
    """Yield the activities that say what is new; usually one."""
    for skills in _parted([f'{skill}:{rates[skill]}:{said}' for skill, said in sorted(news.items())]):
        yield Entry(
            user_id=source.user_id,
            tap_id=f'skills:{key_of(source.name)}:{uuid4().hex[:16]}',
            verb=Verb.SKILLS_SHOWN,
            course_id=source.course_id,
            checkpoint_id=source.checkpoint_id,
            session_id=source.session_id,
            mode=source.mode,
            details={**source.name, 'mark': mark, 'skills': skills},
            happened_at=source.at,
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
