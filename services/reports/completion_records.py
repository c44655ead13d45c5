"""Records of completion: who completed what in a course, on which evidence, and who should have and did not.

They come from the activity log, so that nothing has to be kept twice; see `docs/completion-records.md`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain, islice
from typing import IO, Any

from sqlalchemy import bindparam, func, select

from models import (
    Activity,
    Assignment,
    Attempt,
    AttemptAnswer,
    Checkpoint,
    Course,
    Module,
    ModuleCompletion,
    Progress,
    Upload,
    User,
    table,
)
from services import access
from services.access import Actor
from services.activity import log
from services.analytics import course_queries
from services.analytics.course_facts import Learner
from services.core import spooling, zones
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.grades import assignment_grades
from services.reports import completion_facts
from services.reports.completion_facts import Fact, Subject, moment
from services.reports.completion_lines import Format, Line, pieces

AT_ONCE = 1_000
"""lines for which people and versions are looked up together"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody by the name that they have today; by a pseudonym, once they were erased."""

    name: str
    merged_into: int | None
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A checkpoint, a module, or the course, as it is today."""

    title: str
    kind: str = ''
    version: str = ''
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Something that a learner should have completed, and has not."""

    user_id: int
    subject: Subject
    started_at: datetime | None
    state: str
    due_at: datetime | None = None
    """for this learner, with what was agreed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The records of one course at one moment, read while they are written: no more than some of them are in memory."""

    tx: Transaction
    course: Course
    parts: Mapping[Subject, Part]
    people: dict[int, Person] = field(default_factory=dict)
    """those who were spoken of so far"""

    def lines(self) -> Iterator[Line]:
        """Yield what was completed in the order of the log, then what was not, and a last line that counts them."""
        number = 0
        for line in chain(self._all_completed(), self._all_missing()):
            number += 1
            yield line
        yield self._today('end') | {'number': str(number), 'recorded_at': moment(self.tx.now)}

    def _all_completed(self) -> Iterator[Line]:
        marks: dict[int, int] = dict(_PASS_MARKS.rows(self.tx.connection, course=self.course.id))
        of_course = (_log.c.course_id == self.course.id) & _log.c.verb.in_(completion_facts.VERBS)
        facts = completion_facts.facts(log.Pages(tx=self.tx, condition=of_course), marks)
        while some := list(islice(facts, AT_ONCE)):
            self._meet({id_ for each in some for id_ in (each.user_id, each.assessor_id)})
            versions = _versions(self.tx, {each.attempt_id for each in some if each.attempt_id})
            yield from (self._completed(each, versions.get(each.attempt_id, '')) for each in some)

    def _all_missing(self) -> Iterator[Line]:
        missing = _missing(self.tx, self.course.id)
        while some := list(islice(missing, AT_ONCE)):
            self._meet({each.user_id for each in some})
            yield from map(self._missing, some)

    def _meet(self, ids: set[int]) -> None:
        """Look up who is not known yet."""
        if unknown := ids - self.people.keys():
            self.people.update(_people(self.tx, unknown))

    def _completed(self, fact: Fact, version: str) -> Line:
        part = self.parts.get(fact.subject, Part(title=''))
        by, changed_at = self.people.get(fact.assessor_id), None
        if not version and part.changed_at and part.changed_at > fact.recorded_at:
            changed_at = part.changed_at
        elif not version:
            version = part.version
        said = {
            'content_version': version,
            'content_changed_at': moment(changed_at),
            'assessor': by.name if by else '',
        }
        return {**fact.line, **self._named(fact.user_id, part), **said}

    def _missing(self, missing: Missing) -> Line:
        kind, id_ = missing.subject
        part = self.parts[missing.subject]
        facts = {'user_id': str(missing.user_id), 'subject': kind, 'subject_id': str(id_)}
        said = {'state': missing.state, 'started_at': moment(missing.started_at), 'due_at': moment(missing.due_at)}
        return {**self._today('missing'), **facts, **self._named(missing.user_id, part), **said}

    def _today(self, record: str) -> dict[str, str]:
        day = self.tx.now.astimezone(UTC).date().isoformat()
        return {'record': record, 'day': day, 'course_id': str(self.course.id)}

    def _named(self, user_id: int, part: Part) -> dict[str, str]:
        own = self.people[user_id]
        person_id = own.merged_into or user_id
        person = self.people.get(person_id, own)
        return {
            'person_id': str(person_id),
            'person': person.name,
            'zone': person.zone,
            'title': part.title,
            'kind': part.kind,
        }


async def file_of(actor: Actor | None, course_id: int, form: Format) -> Iterator[bytes]:
    """Return the records of completion of a course as a file, for those who teach it; raises `NotSaved` on a full disk.

    All of it says the same moment, and it waits on the disk while somebody with a slow connection reads it.
    """
    return await spooling.spooled(write, actor, course_id, form=form)


def write(tx: Transaction, actor: Actor | None, course_id: int, *, into: IO[bytes], form: Format) -> None:
    """Write the records of a course into a file, for those who teach it."""
    course = access.taught_course(tx, actor, course_id)
    access.note_look(tx, actor, 'completion records', course=course_id)
    parts = _parts(tx, course_id) | {('course', course_id): Part(title=course.title)}
    for piece in pieces(Records(tx=tx, course=course, parts=parts).lines(), form):
        spooling.check_room()
        into.write(piece)


def _missing(tx: Transaction, course_id: int) -> Iterator[Missing]:
    """Yield by learner what they have not completed, in order: the checkpoints that count, the modules, the course."""
    started: dict[tuple[int, int], datetime] = {}
    done: set[tuple[int, Subject]] = set()
    for user_id, checkpoint_id, started_at, completed_at in _PROGRESS.rows(tx.connection, course=course_id):
        started[user_id, checkpoint_id] = started_at
        if completed_at:
            done.add((user_id, ('checkpoint', checkpoint_id)))
    modules = _MODULES_DONE.rows(tx.connection, course=course_id)
    done |= {(user_id, ('module', module_id)) for user_id, module_id in modules}
    counted = _COUNTED.rows(tx.connection, course=course_id)
    asked: list[Subject] = [('checkpoint', checkpoint_id) for checkpoint_id, _ in counted]
    asked += [('module', module_id) for module_id in dict.fromkeys(module_id for _, module_id in counted)]
    checkpoints = {checkpoint.checkpoint_id: checkpoint for checkpoint in course_queries.checkpoints(tx, course_id)}
    for learner in _learners(tx, course_id):
        user_id = learner.user_id
        begun = learner.enrolled_at if any((user_id, id_) in started for _, id_ in asked) else None
        for subject in asked:
            if (user_id, subject) in done:
                continue
            if subject[0] == 'module':
                yield Missing(user_id=user_id, subject=subject, started_at=None, state=_state(learner, begun))
                continue
            since, checkpoint = started.get((user_id, subject[1])), checkpoints.get(subject[1])
            yield Missing(
                user_id=user_id,
                subject=subject,
                started_at=since,
                state='excused' if subject[1] in learner.excused else _state(learner, since),
                due_at=learner.due(checkpoint) if checkpoint else None,
            )
        if learner.completed_at is None and asked:
            state = _state(learner, begun)
            yield Missing(user_id=user_id, subject=('course', course_id), started_at=learner.enrolled_at, state=state)


def _learners(tx: Transaction, course_id: int) -> Iterator[Learner]:
    """Yield who takes part now, with what was agreed with them, as dashboards have it."""
    later, excused = assignment_grades.later(tx, course_id), course_queries.excused(tx, course_id)
    here = (each for each in course_queries.learners(tx, course_id) if not each.is_erased)
    for each in sorted(here, key=lambda each: each.user_id):
        yield replace(each, later=later.get(each.user_id, {}), excused=excused.get(each.user_id, frozenset()))


def _state(learner: Learner, started_at: datetime | None) -> str:
    if learner.paused_at:
        return 'paused'
    return 'in progress' if started_at else 'not started'


def _people(tx: Transaction, ids: set[int]) -> dict[int, Person]:
    """Return people by id, and those who guests among them have turned out to be."""
    found = _read_people(tx, ids)
    return found | _read_people(tx, {each.merged_into for each in found.values() if each.merged_into} - found.keys())


def _read_people(tx: Transaction, ids: set[int]) -> dict[int, Person]:
    return {
        id_: Person(name=name, merged_into=merged_into, zone=zones.of(zone).key)
        for id_, name, merged_into, zone in _PEOPLE.rows(tx.connection, ids=sorted(ids))
    }


def _parts(tx: Transaction, course_id: int) -> dict[Subject, Part]:
    """Return the checkpoints and modules of a course, deleted ones among them."""
    found: dict[Subject, Part] = {
        ('module', id_): Part(title=title) for id_, title in _MODULES.rows(tx.connection, course=course_id)
    }
    for id_, kind, title, changed_at, work_changed_at, link, *content in _CHECKPOINTS.rows(
        tx.connection, course=course_id
    ):
        found['checkpoint', id_] = Part(
            title=title,
            kind=kind.value,
            version=_fingerprint([kind.value, title, *content, *([link] if link else [])]),
            changed_at=max(changed_at, work_changed_at or changed_at),
        )
    return found


def _versions(tx: Transaction, attempts: set[int]) -> dict[int, str]:
    """Return for attempts at quizzes which versions of its questions each was made with."""
    found: dict[int, list[int]] = {}
    for attempt_id, version_id in _ANSWERED.rows(tx.connection, attempts=sorted(attempts)):
        found.setdefault(attempt_id, []).append(version_id)
    return {attempt_id: _fingerprint(sorted(versions)) for attempt_id, versions in found.items()}


def _fingerprint(content: Any) -> str:
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]


_log, _users = table(Activity), table(User)
_checkpoints, _modules, _progress = table(Checkpoint), table(Module), table(Progress)
_completions, _attempts, _answers = table(ModuleCompletion), table(Attempt), table(AttemptAnswer)
_assignments, _files, _captions = table(Assignment), table(Upload), table(Upload).alias('captions')
_COURSE = bindparam('course', type_=_users.c.id.type)
_PASS_MARKS = Prepared(select(_attempts.c.id, _attempts.c.passing_percent).where(_attempts.c.course_id == _COURSE))
_PEOPLE = Prepared(
    select(_users.c.id, _users.c.name, _users.c.merged_into_id, _users.c.time_zone).where(among(_users.c.id, 'ids'))
)
_MODULES = Prepared(select(_modules.c.id, _modules.c.title).where(_modules.c.course_id == _COURSE))
_CHECKPOINTS = Prepared(
    select(
        *(_checkpoints.c[name] for name in ('id', 'kind', 'title', 'updated_at')),
        _assignments.c.updated_at,
        _checkpoints.c.link,
        _checkpoints.c.description,
        _checkpoints.c.body,
        _files.c.stored_as,
        _captions.c.stored_as,
        _assignments.c.passing_percent,
        _assignments.c.rubric,
    )
    .outerjoin(_files, _files.c.id == _checkpoints.c.file_id)
    .outerjoin(_captions, _captions.c.id == _checkpoints.c.captions_id)
    .outerjoin(_assignments, _assignments.c.checkpoint_id == _checkpoints.c.id)
    .where(_checkpoints.c.course_id == _COURSE)
)
_COUNTED = Prepared(
    select(_checkpoints.c.id, _checkpoints.c.module_id)
    .join(_modules, _modules.c.id == _checkpoints.c.module_id)
    .where(
        _checkpoints.c.course_id == _COURSE,
        _checkpoints.c.deleted_at.is_(None),
        _checkpoints.c.is_preview.is_(False),
    )
    .order_by(_modules.c.position, _modules.c.id, _checkpoints.c.position, _checkpoints.c.id)
)
_PROGRESS = Prepared(
    select(
        _progress.c.user_id,
        _progress.c.checkpoint_id,
        func.min(_progress.c.started_at),
        func.min(_progress.c.completed_at),
    )
    .where(_progress.c.course_id == _COURSE)
    .group_by(_progress.c.user_id, _progress.c.checkpoint_id)
)
_MODULES_DONE = Prepared(
    select(_completions.c.user_id, _completions.c.module_id).where(_completions.c.course_id == _COURSE)
)
_ANSWERED = Prepared(
    select(_answers.c.attempt_id, _answers.c.version_id).where(among(_answers.c.attempt_id, 'attempts'))
)
