"""What bringing in an export would change. Nothing is changed here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models import Course, Role, User
from services import access
from services.access import Actor
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction
from services.people.oneroster import tying
from services.people.oneroster.known import TEACHERS, Known, KnownClass, KnownPlace, accounts, known
from services.people.oneroster.school import Part, Place, Roster, SchoolClass, Someone
from services.people.oneroster.steps import Kind, Plan, Step, mark_of
from services.people.oneroster.tables import Problem


def plan(
    tx: Transaction, actor: Actor | None, roster: Roster, *, ties: Mapping[str, int] = MappingProxyType({})
) -> Plan:
    """Return what bringing in an export would change, for an admin.

    `ties` names courses that are here already, by the classes that are to belong to them.
    """
    access.admin(tx, actor)
    courses = tying.chosen(tx, ties)
    here = known(tx, roster.source, courses)
    emails = {each.email for each in roster.people.values() if each.email and each.id not in here.people}
    here.teaches.update((course.id, course.owner_id) for course in courses.values())
    tied = {class_id: courses[course_id] for class_id, course_id in ties.items()}
    return _Planner(roster, here, accounts(tx, emails), tied).plan()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """Somebody who is here after the step of theirs."""

    name: str
    may_teach: bool
    may_learn: bool = True
    user_id: int = 0
    """0 for somebody who is made by it"""


class _Planner:
    """Goes through people, classes and places, in this order: each needs the one before."""

    def __init__(
        self,
        roster: Roster,
        here: Known,
        by_email: Mapping[str, tuple[User, bool]],
        tied: Mapping[str, Course],
    ) -> None:
        self._roster, self._here, self._by_email, self._tied = roster, here, by_email, tied
        self._steps: list[Step] = []
        self._problems = list(roster.problems)
        self._members: dict[str, _Member] = {}
        self._gone: set[str] = set()
        self._classes: dict[str, KnownClass | None] = {}
        """the classes that are open, by id; None for new ones"""
        self._closed: set[str] = set()
        self._unusable: set[str] = set()
        """people who cannot be brought in, as is said of their own line"""
        self._parts = self._parts_by_class()
        self._shared = Counter(each.email for each in roster.people.values() if each.email and not each.is_gone)
        self._taken = {each.user_id for each in here.people.values()}
        self._others = 0

    def plan(self) -> Plan:
        for each in self._roster.people.values():
            self._person(each)
        self._missing_people()
        for each_class in self._roster.classes.values():
            self._class(each_class)
        self._missing_classes()
        self._places()
        return Plan(
            steps=tuple(self._steps),
            problems=tuple(sorted(self._problems, key=lambda each: (each.file, each.line))),
            people=len(self._members),
            others=self._others,
            mark=mark_of(self._steps),
            before=sum(not each.has_left for each in self._here.people.values()),
            places=sum(not each.has_left for each in self._here.places.values()),
        )

    def _step(self, kind: Kind, id_: str, name: str, about: str = '', user_id: int = 0) -> None:
        self._steps.append(Step(kind=kind, id=id_, name=name, about=about, user_id=user_id))

    def _problem(self, table: str, line: int, said: Phrase, *, leaves_out: bool = True) -> None:
        self._problems.append(Problem(file=f'{table}.csv', line=line, said=said, leaves_out=leaves_out))

    def _parts_by_class(self) -> dict[str, Part]:
        """Return what people do in classes, for those of whom nothing else says it."""
        parts: dict[str, Part] = {}
        for place in self._roster.places.values():
            if not place.is_gone and parts.get(place.person_id) is not Part.TEACHES:
                parts[place.person_id] = place.part
        return parts

    def _person(self, someone: Someone) -> None:
        known_person = self._here.people.get(someone.id)
        part = someone.part or self._parts.get(someone.id)
        if part is None and known_person:  # a change that says nothing of what they do
            part = Part.TEACHES if known_person.role in TEACHERS else Part.LEARNS
        if someone.is_gone or part in {Part.OTHER, None}:
            self._others += not someone.is_gone
            self._gone.add(someone.id)
            if known_person and not known_person.has_left:
                self._step(Kind.LEFT, someone.id, known_person.name, user_id=known_person.user_id)
            return
        if known_person is None:
            self._new(someone, part)
            return
        may_teach = known_person.role in TEACHERS
        if part is Part.TEACHES and not may_teach:
            said = phrase('{name} teaches there and learns here. Give them another role here first.', name=someone.name)
            self._problem('users', someone.line, said, leaves_out=False)
        if known_person.has_left:
            self._step(Kind.BACK, someone.id, known_person.name, user_id=known_person.user_id)
        if known_person.is_guest and known_person.name != someone.name:
            self._step(Kind.RENAMED, someone.id, someone.name, known_person.name, known_person.user_id)
        self._members[someone.id] = _Member(
            name=someone.name,
            may_teach=may_teach,
            may_learn=known_person.role is not Role.PARENT,
            user_id=known_person.user_id,
        )

    def _new(self, someone: Someone, part: Part | None) -> None:
        found = self._by_email.get(someone.email)
        account, is_proven = found if found else (None, False)
        teaches = part is Part.TEACHES
        is_alone = self._shared[someone.email] == 1
        fits = account is not None and account.role in (TEACHERS if teaches else {Role.STUDENT})
        if account and fits and is_proven and is_alone and account.id not in self._taken:
            self._taken.add(account.id)
            self._step(Kind.KNOWN, someone.id, account.name, someone.email, account.id)
            self._members[someone.id] = _Member(name=someone.name, may_teach=teaches, user_id=account.id)
            return
        if teaches and (why := self._why_not(someone, is_taken=account is not None, is_alone=is_alone)):
            self._problem('users', someone.line, why)
            self._unusable.add(someone.id)
            return
        self._step(Kind.NEW_TEACHER if teaches else Kind.NEW_LEARNER, someone.id, someone.name, someone.email)
        self._members[someone.id] = _Member(name=someone.name, may_teach=teaches)

    def _why_not(self, someone: Someone, *, is_taken: bool, is_alone: bool) -> Phrase | None:
        """Return why no account can be made for a teacher."""
        if not someone.email:
            return phrase('{name} teaches and has no e-mail address, which an account needs.', name=someone.name)
        if not is_alone:
            return phrase('{name} teaches and shares an e-mail address with somebody.', name=someone.name)
        if is_taken:
            return phrase(
                '{name} has the address of an account here that is not confirmed, or does not teach.', name=someone.name
            )
        return None

    def _missing_people(self) -> None:
        is_whole = 'users' in self._roster.whole
        left_out = self._roster.left_out.get('users', frozenset())
        for id_, each in self._here.people.items():
            if id_ in self._roster.people:
                continue
            if is_whole and id_ not in left_out:
                self._gone.add(id_)  # also who is marked already: their places may be left from a run that broke off
                if not each.has_left:
                    self._step(Kind.LEFT, id_, each.name, user_id=each.user_id)
            elif not each.has_left:
                self._members[id_] = _Member(
                    name=each.name,
                    may_teach=each.role in TEACHERS,
                    may_learn=each.role is not Role.PARENT,
                    user_id=each.user_id,
                )

    def _class(self, found: SchoolClass) -> None:
        here = self._here.classes.get(found.id)
        if found.is_gone:
            self._end(found.id, here)
        elif here is None and found.id in self._tied:
            self._tie(found, self._tied[found.id])
        elif here is None:
            self._step(Kind.NEW_CLASS, found.id, found.title)
            self._classes[found.id] = None
        elif here.is_deleted:
            self._closed.add(found.id)
            said = phrase('the course of “{title}” was deleted here, and stays so.', title=found.title)
            self._problem('classes', found.line, said, leaves_out=False)
        elif here.is_archived and not here.has_ended:
            self._closed.add(found.id)
            said = phrase('the course “{title}” is archived here, and nobody enters it.', title=here.course_title)
            self._problem('classes', found.line, said, leaves_out=False)
        else:
            self._classes[found.id] = here
            if here.has_ended:
                self._step(Kind.RESUMED, found.id, here.course_title)
            if here.title != found.title and here.course_title == here.title:
                self._step(Kind.RETITLED, found.id, found.title, here.title)

    def _tie(self, found: SchoolClass, course: Course) -> None:
        """Let a class be a course that is here: its title stays, and so does everybody who is in it."""
        self._steps.append(Step(kind=Kind.TIED, id=found.id, name=found.title, about=course.title, course_id=course.id))
        self._classes[found.id] = KnownClass(
            row_id=0,
            course_id=course.id,
            title=found.title,
            course_title=course.title,
            owner_id=course.owner_id,
            is_deleted=False,
            is_archived=False,
            has_ended=False,
        )

    def _end(self, id_: str, here: KnownClass | None) -> None:
        self._closed.add(id_)
        if here and not here.has_ended:
            self._step(Kind.ENDED, id_, here.course_title)

    def _missing_classes(self) -> None:
        is_whole = 'classes' in self._roster.whole
        left_out = self._roster.left_out.get('classes', frozenset())
        for id_, each in self._here.classes.items():
            if id_ in self._roster.classes:
                continue
            if is_whole and id_ not in left_out:
                self._end(id_, each)
            elif each.has_ended or each.is_deleted or each.is_archived:
                self._closed.add(id_)
            else:
                self._classes[id_] = each

    def _places(self) -> None:
        stay: set[tuple[str, str | int]] = set()
        """classes with people who have a place there, in whichever line"""
        for place in self._roster.places.values():
            if not self._is_over(place):
                self._place(place, stay)
        held = {id_: each for id_, each in self._here.places.items() if not each.has_left}
        over = self._over(held)
        for id_ in held.keys() - over:
            line = self._roster.places.get(id_)
            if line is None or line.class_id == held[id_].class_id:
                stay.add((held[id_].class_id, held[id_].user_id))  # a change need not name what stays as it is
        for id_, each in held.items():
            if id_ in over and each.class_id in self._classes:
                has_another = (each.class_id, each.user_id) in stay
                self._leave(id_, each.class_id, each.user_id, each.name, each.part, has_another=has_another)

    def _over(self, held: Mapping[str, KnownPlace]) -> set[str]:
        """Return the ids of those places of earlier lists that end with this one."""
        is_whole = 'enrollments' in self._roster.whole
        left_out = self._roster.left_out.get('enrollments', frozenset())
        gone_users = {self._here.people[id_].user_id for id_ in self._gone if id_ in self._here.people}
        gone_users -= {member.user_id for member in self._members.values()}  # known there under a second id
        over = set()
        for id_, each in held.items():
            line = self._roster.places.get(id_)
            is_missing = is_whole and line is None and id_ not in left_out
            if is_missing or (line is not None and self._is_over(line)) or each.user_id in gone_users:
                over.add(id_)
        return over

    def _is_over(self, place: Place) -> bool:
        return place.is_gone or place.part is Part.OTHER or place.person_id in self._gone

    def _leave(self, id_: str, class_id: str, user_id: int, name: str, part: Part, *, has_another: bool) -> None:
        here = self._classes[class_id]
        assert here is not None
        about = here.course_title
        if has_another:
            self._step(Kind.KEEPS_ANOTHER, id_, name, about, user_id)
        elif part is Part.LEARNS:
            self._step(Kind.LEAVES, id_, name, about, user_id)
        elif here.owner_id != user_id:
            self._step(Kind.STOPS_TEACHING, id_, name, about, user_id)

    def _place(self, place: Place, stay: set[tuple[str, str | int]]) -> None:
        if place.class_id in self._closed or place.person_id in self._unusable:
            return
        if place.class_id not in self._classes:
            said = phrase('“{id}” is not among the classes.', id=place.class_id[:60])
            self._problem('enrollments', place.line, said)
            return
        member = self._members.get(place.person_id)
        if member is None:
            said = phrase('“{id}” is not among the users.', id=place.person_id[:60])
            self._problem('enrollments', place.line, said)
            return
        if place.part is Part.TEACHES and not member.may_teach:
            said = phrase('{name} learns here, and only instructors teach.', name=member.name)
            self._problem('enrollments', place.line, said)
            return
        if place.part is Part.LEARNS and not member.may_learn:
            said = phrase('{name} is a parent here, and parents have no place in courses.', name=member.name)
            self._problem('enrollments', place.line, said)
            return
        self._enter(place, member, stay)

    def _enter(self, place: Place, member: _Member, stay: set[tuple[str, str | int]]) -> None:
        open_class = self._classes[place.class_id]
        whose = place.class_id, member.user_id or place.person_id
        is_second = whose in stay
        stay.add(whose)
        earlier = self._here.places.get(place.id)
        title = open_class.course_title if open_class else self._roster.classes[place.class_id].title
        key = (open_class.course_id, member.user_id) if open_class and member.user_id else (0, 0)
        kind = self._kind(place, key, is_second=is_second, was_taken_by_list=bool(earlier and earlier.has_left))
        if kind in {Kind.HERE, Kind.STAYS_OUT} and earlier and not earlier.has_left:
            return  # the list knows it already
        self._step(kind, place.id, member.name, title, member.user_id)

    def _kind(self, place: Place, key: tuple[int, int], *, is_second: bool, was_taken_by_list: bool) -> Kind:
        if place.part is Part.TEACHES:
            return Kind.HERE if is_second or key in self._here.teaches else Kind.TEACHES
        if is_second or key in self._here.teaches:
            return Kind.HERE
        match self._here.learns.get(key):
            case None:
                return Kind.ENTERS
            case True:
                return Kind.HERE
        return Kind.BACK_IN if was_taken_by_list else Kind.STAYS_OUT
