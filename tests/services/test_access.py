"""Who may do what: every verb that takes an actor, tried by everybody on the same school."""

import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

import services
from models import NameDisplay, Role, Scope
from services import access, followers, health, timed
from services import search as search_everything
from services.accounts import (
    administration,
    invitations,
    own_factor,
    parent_codes,
    profiles,
    registration,
    resets,
    school_settings,
    sign_ins,
    tokens,
)
from services.accounts.oidc import people
from services.analytics import (
    attention,
    choices,
    dashboards,
    doubts,
    educator,
    export,
    learner,
    learner_facts,
    learning_analytics,
    prediction,
    subjects,
    watch,
)
from services.analytics import school as school_figures
from services.analytics.attention import Reason, Why
from services.analytics.prediction import answers, reading, switches
from services.certificates import failures, holders, lookup, reissuing, together
from services.content import checkpoint_views, documents, lessons, video_progress
from services.content.course_archive import bringing_in, packing
from services.content.uploads import attaching
from services.content.uploads.attaching import Given
from services.content.uploads.file_types import Found
from services.content.uploads.slots import Part
from services.core import clock, database
from services.core.errors import DomainError, Forbidden, Invalid, NotEnrolled, NotFound, NotSignedIn, Refused
from services.core.transaction import Transaction
from services.courses import (
    catalog,
    checkpoints,
    course_cards,
    due_dates,
    export_file,
    modules,
    ordering,
    outline,
    poster,
    school_list,
    trash,
    views,
)
from services.courses.checkpoints import Details
from services.courses.draft import Draft
from services.courses.ordering import Order
from services.deadlines import feeds
from services.enums import ExportForm
from services.goals import closed_weeks, personal, weekly
from services.goals.personal import Wish
from services.grades import gradebook, grading
from services.live import class_access, course_head, learner_marks, own_alias, sessions
from services.live.alerts import monitor
from services.live.attendance import marks as attendance_marks
from services.live.attendance import report, sheet
from services.live.board import wave
from services.live.help import queue
from services.live.replay import api_views, classes, result
from services.lms import drift, milestones, platforms, registrations, roster, scores, sent_grades, statements
from services.lms import results as lms_results
from services.mail import mail_settings, outbox, refused
from services.motivation import awards, calendar, leaderboard, made_badges, moments, parts, pauses, standing
from services.notes import editing, search
from services.notices import pushing
from services.parents import children, looks, summaries, week
from services.parents import links as parent_links
from services.people import (
    cards,
    class_lists,
    column_maps,
    custom_fields,
    groups,
    guest_codes,
    guest_limits,
    joining,
    list_reading,
    merging,
    participants,
    seats,
)
from services.people.list_reading import Fact
from services.people.oneroster import plan as school_plan
from services.people.oneroster import results, tying
from services.people.oneroster.reading import roster_of
from services.privacy import erasing, erasure_requests, holds, own_data, own_looks, retention
from services.privacy.erasure_list import Identity
from services.progress import counters, enrollments, states
from services.reports import checkpoints as reports_checkpoints
from services.reports import completion_records, content, overview
from services.reports.completion_lines import Format
from services.reports.exports import asking, files, showing
from services.reports.exports.asking import Asked
from services.reports.performance import building, bundles, keeping, kept_reports, links, remarks
from services.reports.performance import goals as report_goals
from services.reports.performance.document import Options
from services.reports.performance.remarks import Remark
from services.study import api_sessions, course_path, path, times
from services.study import sessions as study
from services.upkeep import archiving
from tests.factories.classes import a_course
from tests.factories.people import an_instructor
from tests.support.oneroster import an_export
from tests.support.school import ABSENT, School, a_school
from tests.support.school_copies import Copies, Files, Server
from tests.support.servers import PostgresServer

pytestmark = [pytest.mark.both_databases, pytest.mark.req('A2')]


class Allowed(DomainError):
    """Raised after a verb was let through, so that its savepoint undoes it and the next person finds all as it was."""


Rule = dict[str, type[DomainError]]

_NOBODY: Rule = {'nobody': NotSignedIn, 'signed out': NotSignedIn}
_TEACHING: Rule = {'co-instructor': Allowed, 'owner': Allowed, 'admin': Allowed}
_ELSEWHERE: Rule = {'student elsewhere': NotFound, 'instructor elsewhere': NotFound, 'parent': NotFound}
"""the parent is one of a student who learns in the course"""

WHO_IS_SIGNED_IN: Rule = _NOBODY | dict.fromkeys([*_ELSEWHERE, 'learner', *_TEACHING], Allowed)
PARTICIPANTS: Rule = WHO_IS_SIGNED_IN | {'parent': Forbidden}
INSTRUCTORS: Rule = PARTICIPANTS | {'student elsewhere': Forbidden, 'learner': Forbidden}
ADMINS: Rule = _NOBODY | dict.fromkeys([*_ELSEWHERE, 'learner', *_TEACHING], NotFound) | {'admin': Allowed}
WHO_TEACHES_OR_LEARNS: Rule = _NOBODY | _ELSEWHERE | {'learner': Allowed} | _TEACHING
WHO_TEACHES: Rule = WHO_TEACHES_OR_LEARNS | {'learner': NotFound}
NOT_NOW: Rule = WHO_TEACHES | dict.fromkeys(_TEACHING, Refused)
WHO_LEARNS: Rule = WHO_TEACHES_OR_LEARNS | dict.fromkeys(_TEACHING, NotEnrolled)
CHILD: Rule = WHO_TEACHES
CHILD_GONE: Rule = dict.fromkeys(CHILD, NotFound) | _NOBODY
PARENTS: Rule = _NOBODY | dict.fromkeys(WHO_TEACHES_OR_LEARNS, NotFound) | {'parent': Allowed} | _NOBODY
NOTHING: Rule = dict.fromkeys(WHO_TEACHES, NotFound) | _NOBODY
WHO_OWNS: Rule = WHO_TEACHES | {'co-instructor': Forbidden}
WHO_MAY_LET_IN: Rule = WHO_TEACHES | {'owner': Forbidden, 'co-instructor': Forbidden}

A_DRIFT_GONE: Rule = dict.fromkeys(WHO_TEACHES, NotFound) | _NOBODY
_NO_FACTOR: Rule = ADMINS | {'admin': Refused}

A_PDF = Given(name='soil.pdf', size=1, stored_as='soil', found=Found(media_type='application/pdf', pages=1))
A_BADGE = made_badges.Wish(name='Digger')
A_PLATFORM = platforms.NewPlatform(
    name='Campus',
    issuer='https://campus.example.org',
    client_id='1',
    deployments='1',
    auth_login_url='https://campus.example.org/auth',
    auth_token_url='https://campus.example.org/token',
    key_set_url='https://campus.example.org/keys',
)
A_DRAFT = Draft(title='Soil', subject='', description='', modules=())


@dataclass(frozen=True, slots=True)
class Case:
    """A verb, who may do it, and with which arguments; the first argument may be the id of a thing that is hidden."""

    verb: Callable[..., object]
    rule: Rule
    arguments: Callable[[School], dict[str, object]]


def course(school: School) -> dict[str, object]:
    return {'course_id': school.course_id}


def a_drift(school: School) -> dict[str, object]:
    return course(school) | {'link_id': ABSENT, 'user_id': ABSENT, 'shown': None}


def module(school: School) -> dict[str, object]:
    return {'module_id': school.module_id}


def a_learner(school: School) -> dict[str, object]:
    return course(school) | {'user_id': school.learner_id}


def checkpoint(school: School) -> dict[str, object]:
    return {'checkpoint_id': school.checkpoint_id}


def a_wave(school: School) -> wave.Asked:
    return wave.Asked(
        course_id=school.course_id,
        learners=(school.learner_id,),
        checkpoints=(school.checkpoint_id,),
        moments=(clock.now(), clock.now()),
    )


def today() -> date:
    return clock.now().date()


def no_class(school: School) -> dict[str, object]:
    return course(school) | {'session_id': ABSENT}


def identity(school: School) -> Identity:
    return Identity(user_id=school.student_id, created_at=datetime(2026, 1, 1, tzinfo=UTC))


def help_request(school: School) -> dict[str, object]:
    return {'request_id': school.request_id}


def child(school: School) -> dict[str, object]:
    return {'child_id': school.student_id}


def parent_of_child(school: School) -> dict[str, object]:
    parent = school.people['parent']
    assert parent is not None
    return child(school) | {'parent_id': parent.user_id}


CASES = [
    Case(registration.invite_instructor, ADMINS, lambda _: {}),
    Case(invitations.still_open, ADMINS, lambda _: {}),
    Case(invitations.take_back, dict.fromkeys(ADMINS, NotFound) | _NOBODY, lambda _: {'invitation_id': ABSENT}),
    Case(sign_ins.sign_out, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(sign_ins.sign_out_everywhere, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(sign_ins.devices, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(registration.invite_admin, ADMINS, lambda _: {}),
    Case(resets.make_link, WHO_MAY_LET_IN, lambda school: {'user_id': school.student_id}),
    Case(resets.made_for, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(resets.of_school, ADMINS, lambda _: {}),
    Case(administration.people, ADMINS, lambda _: {}),
    Case(administration.one, ADMINS, lambda school: {'user_id': school.student_id}),
    Case(administration.change_role, ADMINS, lambda s: {'user_id': s.student_id, 'role': Role.INSTRUCTOR}),
    Case(administration.disable, ADMINS, lambda school: {'user_id': school.student_id}),
    Case(administration.enable, ADMINS, lambda school: {'user_id': school.student_id}),
    Case(administration.sign_out, ADMINS, lambda school: {'user_id': school.student_id}),
    Case(administration.reset_second_factor, _NO_FACTOR, lambda school: {'user_id': school.student_id}),
    Case(people.came_from, dict.fromkeys(WHO_IS_SIGNED_IN, Allowed), lambda _: {}),
    Case(own_factor.own, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(own_factor.draft, INSTRUCTORS | {'student elsewhere': Forbidden}, lambda _: {}),
    Case(health.of_school, ADMINS, lambda _: {}),
    Case(school_settings.own, ADMINS, lambda _: {}),
    Case(mail_settings.own, ADMINS, lambda _: {}),
    Case(outbox.of_school, ADMINS, lambda _: {}),
    Case(refused.by_domain, ADMINS, lambda _: {}),
    Case(outbox.send_again, dict.fromkeys(ADMINS, NotFound) | _NOBODY, lambda _: {'mail_id': ABSENT}),
    Case(pushing.of_school, ADMINS, lambda _: {}),
    Case(platforms.of_school, ADMINS, lambda _: {}),
    Case(platforms.register, ADMINS, lambda _: {'new': A_PLATFORM}),
    Case(
        platforms.switch,
        dict.fromkeys(ADMINS, NotFound) | _NOBODY,
        lambda _: {'platform_id': ABSENT, 'is_on': False},
    ),
    Case(registrations.invite, ADMINS, lambda _: {'address': 'https://campus.example.org'}),
    Case(registrations.of_school, ADMINS, lambda _: {}),
    Case(registrations.found, dict.fromkeys(ADMINS, NotFound) | _NOBODY, lambda _: {'registration_id': ABSENT}),
    Case(
        registrations.save,
        dict.fromkeys(ADMINS, NotFound) | _NOBODY,
        lambda _: {'new': A_PLATFORM, 'registration_id': ABSENT},
    ),
    Case(registrations.drop, dict.fromkeys(ADMINS, NotFound) | _NOBODY, lambda _: {'registration_id': ABSENT}),
    Case(sent_grades.of_school, ADMINS, lambda _: {}),
    Case(sent_grades.send_again, ADMINS, lambda _: {}),
    Case(scores.touch_all, WHO_TEACHES, course),
    Case(
        sent_grades.of_course, dict.fromkeys(WHO_TEACHES, NotFound) | _NOBODY, lambda s: course(s) | {'link_id': ABSENT}
    ),
    Case(roster.of_course, WHO_TEACHES, course),
    Case(milestones.of_course, WHO_TEACHES, course),
    Case(milestones.switch, A_DRIFT_GONE, lambda s: course(s) | {'link_id': ABSENT, 'is_on': True}),
    Case(drift.of_course, WHO_TEACHES, course),
    Case(drift.take_theirs, A_DRIFT_GONE, lambda s: a_drift(s) | {'reason': ''}),
    Case(drift.keep_ours, A_DRIFT_GONE, a_drift),
    Case(drift.ignore, A_DRIFT_GONE, a_drift),
    Case(lms_results.take, A_DRIFT_GONE, lambda s: course(s) | {'link_id': ABSENT}),
    Case(lms_results.of_teacher, A_DRIFT_GONE, lambda s: course(s) | {'link_id': ABSENT}),
    Case(lms_results.of_school, ADMINS, lambda _: {}),
    Case(results.of_school, ADMINS, lambda _: {}),
    Case(school_plan.plan, ADMINS, lambda _: {'roster': roster_of(an_export(users=[]))}),
    Case(tying.free, ADMINS, lambda _: {}),
    Case(pushing.send_again, ADMINS, lambda _: {}),
    Case(pushing.drop, ADMINS, lambda _: {}),
    Case(outbox.drop, dict.fromkeys(ADMINS, NotFound) | _NOBODY, lambda _: {'mail_id': ABSENT}),
    Case(school_list.courses, ADMINS, lambda _: {}),
    Case(resets.make_link_for, ADMINS, lambda _: {'email': 'third@example.org'}),
    Case(tokens.add_service, ADMINS, lambda _: {'name': 'Checker', 'scope': Scope.PROGRESS}),
    Case(profiles.own, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(own_data.take_along, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(statements.own, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(own_looks.listed, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(erasure_requests.ask, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(erasure_requests.take_back, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(erasure_requests.since, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(erasure_requests.of_school, ADMINS, lambda _: {}),
    Case(erasing.may_erase, ADMINS, lambda school: {'user_id': school.student_id}),
    Case(erasing.give_pseudonym, ADMINS, lambda school: {'people': [identity(school)]}),
    Case(holds.hold, ADMINS, lambda s: {'user_id': s.student_id, 'reason': 'Exam law', 'until': date(2999, 1, 1)}),
    Case(holds.release, NOTHING, lambda _: {'hold_id': ABSENT}),
    Case(holds.of_school, ADMINS, lambda _: {}),
    Case(retention.preview, ADMINS, lambda _: {}),
    Case(archiving.preview, ADMINS, lambda _: {}),
    Case(joining.join, PARTICIPANTS, lambda school: {'code': school.code}),
    Case(joining.is_here_as, PARTICIPANTS, lambda school: {'code': school.code, 'name': 'Lena'}),
    Case(feeds.own, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(feeds.make, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(feeds.end, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(feeds.shown, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(joining.rejoin_code, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(due_dates.plan, WHO_TEACHES, lambda school: course(school) | {'days': 7}),
    Case(due_dates.move, NOT_NOW, lambda school: course(school) | {'days': 7}),
    Case(catalog.create, INSTRUCTORS, lambda _: {'title': 'New'}),
    Case(course_cards.taught, INSTRUCTORS, lambda _: {}),
    Case(trash.courses, INSTRUCTORS, lambda _: {}),
    Case(trash.of_course, WHO_TEACHES, course),
    Case(timed.of_school, ADMINS, lambda _: {}),
    Case(followers.lags, ADMINS, lambda _: {}),
    Case(profiles.edit, WHO_IS_SIGNED_IN, lambda _: {'name': 'New', 'time_zone': '', 'language': ''}),
    Case(profiles.live_in, WHO_IS_SIGNED_IN, lambda _: {'time_zone': 'Europe/Berlin'}),
    Case(course_cards.joined, PARTICIPANTS, lambda _: {}),
    Case(search_everything.find, PARTICIPANTS, lambda _: {'typed': 'Soil'}),
    Case(catalog.facts, WHO_TEACHES, course),
    Case(course_head.of_course, WHO_TEACHES, course),
    Case(views.own, PARTICIPANTS, lambda _: {'limit': 10}),
    Case(views.shown, WHO_TEACHES_OR_LEARNS, course),
    Case(catalog.edit, WHO_TEACHES, lambda s: course(s) | {'title': 'New', 'description': '', 'subject': ''}),
    Case(catalog.archive, WHO_TEACHES, lambda s: course(s) | {'archived': True}),
    Case(catalog.delete, WHO_OWNS, course),
    Case(catalog.restore, WHO_OWNS, lambda school: {'course_id': school.deleted_course_id}),
    Case(catalog.begin, INSTRUCTORS, lambda _: {'title': 'Soil', 'description': '', 'subject': ''}),
    Case(catalog.duplicate, WHO_TEACHES, course),
    Case(attaching.attached, WHO_TEACHES, checkpoint),
    Case(attaching.may_give, WHO_TEACHES, lambda s: checkpoint(s) | {'part': Part.FILE}),
    Case(attaching.attach, WHO_TEACHES, lambda s: checkpoint(s) | {'part': Part.FILE, 'given': A_PDF}),
    Case(attaching.detach, WHO_TEACHES, lambda s: checkpoint(s) | {'part': Part.FILE}),
    Case(export_file.export_course, WHO_TEACHES, course),
    Case(export_file.may_import, INSTRUCTORS, lambda _: {}),
    Case(export_file.import_course, INSTRUCTORS, lambda _: {'draft': A_DRAFT}),
    Case(bringing_in.make, INSTRUCTORS, lambda _: {'draft': A_DRAFT, 'given': {}}),
    Case(packing.pack, WHO_TEACHES, course),
    Case(catalog.renew_code, WHO_TEACHES, course),
    Case(catalog.open_code, WHO_TEACHES, lambda s: course(s) | {'is_open': False}),
    Case(catalog.set_attention, WHO_TEACHES, lambda s: course(s) | {'percent': 60, 'steps': 3, 'minutes': 4}),
    Case(catalog.add_co_instructor, WHO_TEACHES, lambda s: course(s) | {'email': 'third@example.org'}),
    Case(catalog.remove_co_instructor, WHO_TEACHES, lambda s: course(s) | {'user_id': s.helper_id}),
    Case(outline.sections, WHO_TEACHES_OR_LEARNS, course),
    Case(checkpoint_views.of_course, WHO_TEACHES_OR_LEARNS, course),
    Case(checkpoint_views.in_full, WHO_TEACHES_OR_LEARNS, checkpoint),
    Case(modules.add, WHO_TEACHES, lambda s: course(s) | {'title': 'New'}),
    Case(modules.edit, WHO_TEACHES, lambda s: module(s) | {'title': 'New'}),
    Case(modules.move, WHO_TEACHES, lambda s: module(s) | {'index': 0}),
    Case(modules.delete, WHO_TEACHES, module),
    Case(modules.restore, WHO_TEACHES, lambda school: {'module_id': school.deleted_module_id}),
    Case(checkpoints.add, WHO_TEACHES, lambda s: module(s) | {'lines': 'New'}),
    Case(checkpoints.add_one, WHO_TEACHES, lambda s: course(s) | {'details': Details(title='New')}),
    Case(checkpoints.edit, WHO_TEACHES, lambda s: checkpoint(s) | {'details': Details(title='New')}),
    Case(checkpoints.move, WHO_TEACHES, lambda s: checkpoint(s) | module(s) | {'index': 0}),
    Case(
        ordering.reorder,
        WHO_TEACHES,
        lambda s: {'orders': [Order(module_id=s.module_id, checkpoint_ids=s.checkpoint_ids)]},
    ),
    Case(checkpoints.delete, WHO_TEACHES, checkpoint),
    Case(checkpoints.restore, WHO_TEACHES, lambda school: {'checkpoint_id': school.deleted_checkpoint_id}),
    Case(sessions.start, WHO_TEACHES, course),
    Case(sessions.end, WHO_TEACHES, course),
    Case(sessions.set_current, WHO_TEACHES, lambda s: course(s) | checkpoint(s)),
    Case(sessions.step, WHO_TEACHES, lambda s: course(s) | {'by': 1}),
    Case(sessions.pause, WHO_TEACHES, lambda s: course(s) | {'reason': 'Listen'}),
    Case(sessions.resume, WHO_TEACHES, course),
    Case(learner_marks.of_learner, WHO_TEACHES, a_learner),
    Case(learner_marks.set_mark, WHO_TEACHES, lambda s: a_learner(s) | checkpoint(s) | {'done': True}),
    Case(learner_marks.hide, WHO_TEACHES, lambda s: a_learner(s) | {'hidden': True}),
    Case(learner_marks.note, WHO_TEACHES, lambda s: a_learner(s) | {'text': 'Sits at the window'}),
    Case(sessions.give_time, WHO_TEACHES, course),
    Case(wave.of_class, WHO_TEACHES, lambda s: {'wanted': a_wave(s)}),
    Case(sessions.set_time, WHO_TEACHES, lambda s: course(s) | {'minutes': 10}),
    Case(catalog.set_mastery, WHO_TEACHES, lambda s: course(s) | {'percent': 70}),
    Case(catalog.let_classmates_help, WHO_TEACHES, lambda s: course(s) | {'allowed': True}),
    Case(catalog.give_certificates, WHO_TEACHES, lambda s: course(s) | {'given': False}),
    Case(queue.ask_in_course, WHO_LEARNS, lambda s: course(s) | checkpoint(s)),
    Case(queue.withdraw, dict.fromkeys(WHO_TEACHES_OR_LEARNS, Forbidden) | _NOBODY | _ELSEWHERE, help_request),
    Case(queue.claim, WHO_TEACHES | {'learner': Forbidden}, help_request),
    Case(queue.release, WHO_TEACHES | {'learner': Forbidden}, help_request),
    Case(queue.resolve, WHO_TEACHES | {'learner': Forbidden}, help_request),
    Case(sessions.set_names, WHO_TEACHES, lambda s: course(s) | {'names': NameDisplay.FIRST_NAME}),
    Case(
        monitor.dismiss, WHO_TEACHES, lambda s: course(s) | {'user_id': s.people['learner'].user_id, 'reason': 'silent'}
    ),
    Case(guest_codes.of_course, WHO_TEACHES, course),
    Case(guest_codes.one, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(guest_codes.renew, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(cards.of_course, WHO_TEACHES, course),
    Case(poster.of_course, WHO_TEACHES, course),
    Case(guest_limits.told, WHO_TEACHES, course),
    Case(participants.of_course, WHO_TEACHES, course),
    Case(participants.page, WHO_TEACHES, lambda s: course(s) | {'limit': 10}),
    Case(participants.one, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(participants.rename, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id, 'name': 'New'}),
    Case(groups.put, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id, 'name': 'Blue'}),
    Case(seats.put, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id, 'seat': 'B4'}),
    Case(seats.fill, WHO_TEACHES, lambda s: course(s) | {'across': 6}),
    Case(groups.give_extra_time, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id, 'percent': 25}),
    Case(class_lists.check, WHO_TEACHES, course),
    Case(column_maps.remembered, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(column_maps.remember, WHO_IS_SIGNED_IN, lambda _: {'columns': {'Wer': Fact.NAME}}),
    Case(class_lists.plan, WHO_TEACHES, lambda s: course(s) | {'people': list_reading.read('Noa')}),
    Case(participants.remove, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(participants.bring_back, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(path.continue_at, WHO_TEACHES_OR_LEARNS, course),
    Case(path.place, WHO_TEACHES_OR_LEARNS, lambda s: course(s) | checkpoint(s)),
    Case(counters.recount_course, WHO_TEACHES, course),
    Case(counters.recount_some, WHO_TEACHES, lambda s: course(s) | {'user_ids': [s.learner_id]}),
    Case(counters.recount_learner, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(overview.of_learner, WHO_TEACHES_OR_LEARNS, lambda s: {'user_id': s.learner_id}),
    Case(overview.of_course, WHO_TEACHES, lambda s: course(s) | {'limit': 10}),
    Case(reports_checkpoints.in_course, WHO_TEACHES_OR_LEARNS, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(reports_checkpoints.paths, WHO_TEACHES_OR_LEARNS, lambda s: {'user_id': s.learner_id, 'limit': 10}),
    Case(content.at_checkpoint, WHO_TEACHES_OR_LEARNS, lambda s: checkpoint(s) | {'user_id': s.learner_id}),
    Case(merging.merge, WHO_TEACHES, lambda s: course(s) | {'guest_id': s.learner_id, 'into_id': s.student_id}),
    Case(merging.unmerge, NOT_NOW, lambda s: course(s) | {'guest_id': s.learner_id}),
    Case(merging.adopt, WHO_IS_SIGNED_IN, lambda s: {'guest': s.people['learner']}),
    Case(enrollments.hide, WHO_LEARNS, lambda s: course(s) | {'hidden': True}),
    Case(own_alias.swap, WHO_LEARNS, lambda s: course(s) | {'tap_id': 'another'}),
    Case(times.seconds_here, WHO_TEACHES_OR_LEARNS, course),
    Case(course_path.of_course, WHO_TEACHES_OR_LEARNS, course),
    Case(api_sessions.begin_course, WHO_LEARNS, course),
    Case(api_sessions.begin, WHO_LEARNS, checkpoint),
    Case(api_sessions.beat, WHO_LEARNS, checkpoint),
    Case(api_sessions.view, WHO_LEARNS, checkpoint),
    Case(api_sessions.use, WHO_LEARNS, lambda s: checkpoint(s) | {'plays': False}),
    Case(lessons.lesson, WHO_TEACHES_OR_LEARNS, checkpoint),
    Case(times.own, WHO_LEARNS, course),
    Case(times.of_learner, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(path.continue_at, WHO_TEACHES_OR_LEARNS, course),
    Case(path.place, WHO_TEACHES_OR_LEARNS, lambda s: course(s) | checkpoint(s)),
    Case(study.arrive, WHO_LEARNS, lambda s: checkpoint(s) | {'interacts': True}),
    Case(study.beat, WHO_LEARNS, checkpoint),
    Case(study.leave, WHO_TEACHES_OR_LEARNS, course),
    Case(class_access.place, WHO_TEACHES_OR_LEARNS, course),
    Case(class_access.may_teach, WHO_TEACHES, course),
    Case(class_access.open_live, WHO_TEACHES, course),
    Case(report.of_course, WHO_TEACHES, course),
    Case(completion_records.write, WHO_TEACHES, lambda s: course(s) | {'into': BytesIO(), 'form': Format.CSV}),
    Case(video_progress.so_far, WHO_TEACHES_OR_LEARNS, checkpoint),
    Case(documents.so_far, WHO_TEACHES_OR_LEARNS, checkpoint),
    Case(classes.of_course, WHO_TEACHES, course),
    Case(classes.of_class, NOTHING, no_class),
    Case(result.of_class, NOTHING, no_class),
    Case(api_views.of_class, NOTHING, no_class),
    Case(api_views.moves, NOTHING, no_class),
    Case(api_views.grid, NOTHING, lambda s: no_class(s) | {'second': 0}),
    Case(reissuing.issue_again, NOT_NOW, lambda s: course(s) | {'user_id': s.learner_id, 'name': 'New'}),
    Case(reissuing.revoke, NOT_NOW, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(holders.of_course, WHO_TEACHES, course),
    Case(together.of_course, NOT_NOW, course),
    Case(lookup.own, PARTICIPANTS, lambda _: {}),
    Case(lookup.for_course, WHO_TEACHES_OR_LEARNS, course),
    Case(failures.of_school, ADMINS, lambda _: {}),
    Case(failures.try_again, ADMINS, lambda _: {}),
    Case(
        attendance_marks.set_mark,
        WHO_TEACHES,
        lambda s: a_learner(s) | {'session_id': s.session_id, 'mark': None},
    ),
    Case(report.of_class, WHO_TEACHES, lambda s: course(s) | {'session_id': s.session_id}),
    Case(sheet.of_class, WHO_TEACHES, lambda s: course(s) | {'session_id': s.session_id}),
    Case(custom_fields.fill, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id, 'fields': []}),
    Case(moments.are_there, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(moments.take, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(leaderboard.own, WHO_LEARNS | {'learner': Refused}, course),
    Case(leaderboard.join, WHO_LEARNS | {'learner': Refused}, lambda s: course(s) | {'alias': 'Fox'}),
    Case(
        standing.of_learner,
        NOTHING | {'learner': Allowed},
        lambda s: {'user_id': s.learner_id, 'part': parts.Part.POINTS},
    ),
    Case(leaderboard.all_own, WHO_IS_SIGNED_IN, lambda _: {}),
    Case(leaderboard.leave, WHO_TEACHES_OR_LEARNS, course),
    Case(awards.left, WHO_TEACHES, course),
    Case(made_badges.of_course, WHO_TEACHES, course),
    Case(made_badges.add, WHO_TEACHES, lambda s: course(s) | {'wish': A_BADGE}),
    Case(made_badges.preview, WHO_TEACHES, lambda s: course(s) | {'wish': A_BADGE}),
    Case(made_badges.edit, NOTHING, lambda s: course(s) | {'badge_id': ABSENT, 'wish': A_BADGE}),
    Case(made_badges.delete, NOTHING, lambda s: course(s) | {'badge_id': ABSENT}),
    Case(awards.award, WHO_TEACHES, lambda s: a_learner(s) | {'points': 5, 'reason': 'A good question'}),
    Case(parts.school, ADMINS, lambda _: {}),
    Case(parts.switch_school, ADMINS, lambda _: {'part': parts.Part.POINTS, 'on': False}),
    Case(parts.course, WHO_TEACHES, course),
    Case(parts.switch_course, WHO_TEACHES, lambda s: course(s) | {'part': parts.Part.BADGES, 'on': False}),
    Case(calendar.own, ADMINS, lambda _: {}),
    Case(calendar.choose_free_days, ADMINS, lambda _: {'lines': '2026-12-24'}),
    Case(pauses.pause, WHO_TEACHES, lambda s: a_learner(s) | {'first': today(), 'last': today()}),
    Case(pauses.end, WHO_TEACHES, lambda s: a_learner(s) | {'first': today()}),
    Case(pauses.of_learner, WHO_TEACHES, a_learner),
    Case(standing.own, PARTICIPANTS, lambda _: {}),
    Case(weekly.weeks, PARTICIPANTS, lambda _: {}),
    Case(closed_weeks.own, PARTICIPANTS, lambda _: {}),
    Case(closed_weeks.own_in, WHO_LEARNS, course),
    Case(closed_weeks.of_learner, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(weekly.choose, WHO_LEARNS, lambda s: course(s) | {'checkpoints': 3}),
    Case(personal.own, PARTICIPANTS, lambda _: {}),
    Case(report_goals.of_owner, PARTICIPANTS, lambda _: {'courses': ()}),
    Case(personal.add, PARTICIPANTS, lambda _: {'wish': Wish(title='Pass')}),
    Case(states.pause, WHO_LEARNS, course),
    Case(states.resume, WHO_LEARNS, course),
    Case(editing.write, WHO_LEARNS, lambda s: checkpoint(s) | {'text': 'Mine'}),
    Case(educator.of_course, WHO_TEACHES, course),
    Case(learner.own, WHO_LEARNS, course),
    Case(dashboards.of_learner, WHO_TEACHES_OR_LEARNS, lambda s: {'user_id': s.learner_id}),
    Case(subjects.of_learner, WHO_TEACHES_OR_LEARNS, lambda s: {'user_id': s.learner_id}),
    Case(dashboards.of_educator, NOTHING, lambda _: {'user_id': ABSENT}),
    Case(dashboards.of_admin, NOTHING, lambda _: {'user_id': ABSENT}),
    Case(export.course_csv, WHO_TEACHES, course),
    Case(export.of_learners, WHO_TEACHES_OR_LEARNS, lambda s: {'user_ids': [s.learner_id]}),
    Case(learning_analytics.of_learner, WHO_TEACHES_OR_LEARNS, a_learner),
    Case(learning_analytics.of_courses, WHO_TEACHES_OR_LEARNS, lambda s: {'user_id': s.learner_id}),
    Case(learner.of_learner, WHO_TEACHES_OR_LEARNS, a_learner),
    Case(learner_facts.read, WHO_TEACHES_OR_LEARNS, a_learner),
    Case(choices.choose, WHO_TEACHES_OR_LEARNS, lambda s: course(s) | {'key': 'compare', 'chosen': True}),
    Case(school_figures.of_school, ADMINS, lambda _: {}),
    Case(choices.done, WHO_TEACHES, course),
    Case(doubts.of_course, WHO_TEACHES, course),
    Case(watch.of_course, WHO_TEACHES, lambda s: course(s) | {'title': 'Soil', 'rows': (), 'needs': ()}),
    Case(
        watch.dismiss,
        WHO_TEACHES,
        lambda s: a_learner(s) | {'reasons': [Reason.INACTIVE], 'risk': False, 'why': Why.KNOWN},
    ),
    Case(attention.dismiss, WHO_TEACHES, lambda s: a_learner(s) | {'reason': 'inactive', 'why': 'known'}),
    Case(reading.of_course, WHO_TEACHES, course),
    Case(reading.of_learner, WHO_TEACHES_OR_LEARNS, a_learner),
    Case(prediction.quality, WHO_TEACHES, course),
    Case(prediction.quality, ADMINS, lambda _: {}),
    Case(answers.contest, WHO_LEARNS | {'learner': Refused}, course),
    Case(answers.dismiss, NOT_NOW, lambda s: a_learner(s) | {'reason': 'Handed in on paper'}),
    Case(building.of_learner, WHO_TEACHES_OR_LEARNS, a_learner),
    Case(bundles.start, WHO_TEACHES, lambda s: course(s) | {'options': Options()}),
    Case(bundles.of_course, WHO_TEACHES, course),
    Case(bundles.groups, WHO_TEACHES, course),
    Case(bundles.file_of, NOTHING, lambda _: {'bundle_id': ABSENT}),
    Case(showing.choices, WHO_TEACHES, course),
    Case(showing.shown, WHO_TEACHES, lambda s: course(s) | {'asked': Asked()}),
    Case(showing.whole, WHO_TEACHES, lambda s: course(s) | {'asked': Asked()}),
    Case(asking.scope, WHO_TEACHES, lambda s: course(s) | {'asked': Asked()}),
    Case(files.start, WHO_TEACHES, lambda s: course(s) | {'asked': Asked(), 'form': ExportForm.CSV}),
    Case(files.own, WHO_TEACHES, course),
    Case(files.file_of, NOTHING, lambda _: {'export_id': ABSENT}),
    Case(files.forget, NOTHING, lambda _: {'export_id': ABSENT}),
    Case(keeping.drafted, WHO_TEACHES_OR_LEARNS, a_learner),
    Case(kept_reports.of_learner, WHO_TEACHES_OR_LEARNS, lambda s: {'user_id': s.learner_id}),
    Case(kept_reports.of_child, PARENTS, child),
    Case(kept_reports.open_, NOTHING, lambda _: {'report_id': ABSENT}),
    Case(keeping.forget, NOTHING, lambda _: {'report_id': ABSENT}),
    Case(kept_reports.handed_out_by, NOTHING, lambda _: {'report_id': ABSENT}),
    Case(kept_reports.kept, NOTHING, lambda _: {'report_id': ABSENT}),
    Case(links.make, NOTHING, lambda _: {'report_id': ABSENT}),
    Case(links.of_report, NOTHING, lambda _: {'report_id': ABSENT}),
    Case(links.revoke, NOTHING, lambda _: {'link_id': ABSENT}),
    Case(remarks.of_learner, WHO_TEACHES, a_learner),
    Case(remarks.to_do, WHO_TEACHES, a_learner),
    Case(remarks.write, WHO_TEACHES, lambda s: a_learner(s) | {'remark': Remark(comment='Well done'), 'seen': None}),
    Case(remarks.add_action, WHO_TEACHES, lambda s: a_learner(s) | {'description': 'Bring a sample'}),
    Case(remarks.finish_action, NOTHING, lambda _: {'action_id': ABSENT}),
    Case(remarks.delete_action, NOTHING, lambda _: {'action_id': ABSENT}),
    Case(switches.is_on_in_school, ADMINS, lambda _: {}),
    Case(switches.is_on_of_me, PARTICIPANTS, lambda _: {}),
    Case(switches.switch_school, ADMINS, lambda _: {'on': False}),
    Case(switches.switch_course, WHO_TEACHES, lambda s: course(s) | {'on': False}),
    Case(switches.switch_mine, PARTICIPANTS, lambda _: {'on': False}),
    Case(switches.switch_person, ADMINS, lambda s: {'user_id': s.learner_id, 'on': False}),
    Case(gradebook.of_course, WHO_TEACHES, course),
    Case(gradebook.of_learner, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(gradebook.row_of, WHO_TEACHES, lambda s: course(s) | {'user_id': s.learner_id}),
    Case(gradebook.own, WHO_LEARNS, course),
    Case(grading.of_course, WHO_TEACHES, course),
    Case(grading.set_category, WHO_TEACHES, lambda s: course(s) | {'name': 'Tests', 'weight': 40}),
    Case(grading.delete_category, NOTHING, lambda s: course(s) | {'category_id': ABSENT}),
    Case(grading.set_letters, WHO_TEACHES, lambda s: course(s) | {'letters': [(50, 'A')]}),
    Case(grading.count_missing, WHO_TEACHES, lambda s: course(s) | {'counts': True}),
    Case(search.search, PARTICIPANTS, lambda _: {'typed': 'soil'}),
    Case(search.export, PARTICIPANTS, lambda _: {}),
    Case(search.listed, PARTICIPANTS, lambda _: {'typed': 'soil'}),
    Case(search.tags, PARTICIPANTS, lambda _: {}),
    Case(parent_codes.make, CHILD, child),
    Case(parent_codes.take_back, CHILD_GONE, lambda s: child(s) | {'code_id': ABSENT}),
    Case(parent_codes.concerned, CHILD, child),
    Case(parent_codes.add_child, PARENTS | {'parent': Invalid}, lambda _: {'code': 'WRONG2'}),
    Case(parent_links.of_child, CHILD, child),
    Case(parent_links.end, CHILD | {'parent': Allowed}, parent_of_child),
    Case(parent_links.block, CHILD, parent_of_child),
    Case(parent_links.unblock, CHILD_GONE, parent_of_child),
    Case(looks.note, PARENTS, child),
    Case(children.of_parent, PARENTS, lambda _: {}),
    Case(week.of_child, PARENTS, child),
    Case(summaries.own, PARENTS, lambda _: {}),
    Case(summaries.choose, PARENTS, lambda _: {'wanted': False}),
]

QUIZZES = 'is tried by everybody in tests/services/quizzes/test_quiz_access.py'
_ASSIGNMENT = 'needs an assignment, which this school has not: see tests/services/assignments/test_who_may.py'
_PICTURES = 'is for those in a course that has the picture: see test_question_pictures.py'
_HANDED_IN = 'is for the learner, or their teachers: see tests/services/assignments/test_files.py'
_IN_CLASS = 'needs a question that is asked in class: see tests/services/live/test_live_questions.py'
ELSEWHERE = {
    'services.live.stream.admission.seat_of': 'says what a page stands on, refuses nothing: see test_open_pages.py',
    'services.reports.performance.keeping.keep': 'reads, then writes: see tests/services/reports/test_kept.py',
    'services.reports.performance.keeping.store': 'gets a draft: see tests/services/reports/test_kept.py',
    'services.reports.completion_records.file_of': 'reads with `write`: see test_completion_records.py',
    'services.reports.exports.asking.note_look': 'gets a scope that was checked already: see test_exports.py',
    'services.reports.exports.school_months.of_school': 'reads course by course: see test_school_months.py',
    'services.parents.children.look': 'writes, then reads: see tests/services/parents/test_week.py',
    'services.parents.children.look_at_all': 'writes, then reads: see tests/services/parents/test_week.py',
    'services.lms.logins.of_actor': 'needs a launch: see tests/services/lms/test_launching.py',
    'services.lms.entering.present': 'needs a launch: see tests/ui/lms/test_who_arrives.py',
    'services.lms.links.choose': 'needs a launch: see tests/services/lms/test_launching.py',
    'services.lms.links.offer': 'needs a launch: see tests/services/lms/test_launching.py',
    'services.lms.roster.compare': 'asks a platform: see tests/services/lms/test_grades_out.py',
    'services.lms.reading_back.read_now': 'asks a platform: see tests/services/lms/test_grades_in.py',
    'services.lms.roster.take_over': 'asks a platform: see tests/services/lms/test_grades_out.py',
    'services.analytics.prediction.nightly.make_now': 'reads, then writes in slices: see test_prediction.py',
    'services.grades.grading.place': 'needs a step that is graded: see test_grade_access.py',
    'services.grades.grading.graded_checkpoint': 'is what its callers go through: see test_grade_access.py',
    'services.grades.overrides.set_score': 'needs a step that is graded: see test_grade_access.py',
    'services.grades.overrides.excuse': 'needs a step that is graded: see test_grade_access.py',
    'services.grades.overrides.store_many': 'is for importing.bring_in: see tests/services/grades/test_importing.py',
    'services.grades.importing.plan': 'needs a file: see tests/services/grades/test_importing.py',
    'services.grades.importing.bring_in': 'needs a file: see tests/services/grades/test_importing.py',
    'services.grades.entering.enter': 'goes through the verbs of overrides: see test_entering.py',
    'services.grades.overrides.put_back': 'goes through clear, or checks as it does: see test_grade_access.py',
    'services.grades.overrides.clear': 'needs a step that is graded: see test_grade_access.py',
    'services.timed.try_again': 'is about something that has failed: see test_jobs.py',
    'services.accounts.oidc.people.join': 'needs what a provider says: see test_oidc.py',
    'services.accounts.oidc.flow.finish': 'needs what a provider says: see test_oidc.py',
    'services.accounts.oidc.flow.sign_out_address': 'goes through people.came_from, which is in the table',
    'services.accounts.credentials.check_password': "asks for the account's own password: see test_school_sign_in.py",
    'services.accounts.own_factor.add': "asks for the account's own password: see test_second_factor.py",
    'services.accounts.own_factor.remove': "asks for a code of the account's own: see test_second_factor.py",
    'services.accounts.own_factor.renew_codes': "asks for a code of the account's own: see test_second_factor.py",
    'services.accounts.credentials.prove': "asks for the account's own password: see test_account.py",
    'services.accounts.credentials.proved_account': 'is for what `prove` has returned: see test_account.py',
    'services.accounts.credentials.change_email': "asks for the account's own password: see test_account.py",
    'services.accounts.credentials.change_password': "asks for the account's own password: see test_account.py",
    'services.privacy.erasing.erase': 'asks may_erase first: see tests/services/privacy/test_erasing.py',
    'services.people.list_entering.bring_in': 'asks class_lists.plan first: see test_list_entering.py',
    'services.people.oneroster.results.export': 'reads class by class: see test_results.py',
    'services.people.oneroster.bringing_in.bring_in': 'asks the plan first: see test_bringing_in.py',
    'services.people.oneroster.writing.people': 'is for bring_in, and asks for an admin: see test_bringing_in.py',
    'services.people.oneroster.writing.classes': 'is for bring_in, and asks for an admin: see test_bringing_in.py',
    'services.people.oneroster.placing.places': 'is for bring_in, and asks for an admin: see test_bringing_in.py',
    'services.people.joining.join_course': 'is for everybody who has the code: see tests/api/test_courses.py',
    'services.study.summary.summary': 'answers None to who does not learn there: see test_acceptance.py',
    'services.study.summary.why': 'answers None to who does not learn there: see test_path.py',
    'services.goals.personal.edit': 'is for the owner of a goal alone: see test_goals.py',
    'services.goals.personal.achieve': 'is for the owner of a goal alone: see test_goals.py',
    'services.goals.personal.reach': 'is for the owner of a goal alone: see test_goals.py',
    'services.goals.personal.delete': 'is for the owner of a goal alone: see test_goals.py',
    'services.goals.personal.restore': 'is for the owner of a goal alone: see test_goals.py',
    'services.notices.inbox.of_user': 'is for the person alone: see the table of routes',
    'services.notices.inbox.check_own': 'is for the person alone: see the table of routes',
    'services.notices.choosing.of_user': 'is for the person alone: see the table of routes',
    'services.notices.choosing.change_of_user': 'is for the person alone: see the table of routes',
    'services.notices.choosing.own': 'has nothing but the choices of the actor: see test_choosing.py',
    'services.notices.choosing.choose': 'changes nothing but the choices of the actor: see test_choosing.py',
    'services.notices.choosing.stay_in_app': 'changes nothing but the choices of the actor: see test_choosing.py',
    'services.notices.choosing.set_times': 'changes nothing but the choices of the actor: see test_choosing.py',
    'services.notices.inbox.look': 'has nothing but notices to the actor: see test_inbox.py',
    'services.notices.inbox.unread': 'has nothing but notices to the actor: see test_inbox.py',
    'services.notices.inbox.open_notice': 'is for the reader of a notice alone: see test_inbox.py',
    'services.notices.inbox.mark': 'is for the reader of a notice alone: see test_inbox.py',
    'services.notices.inbox.mark_all': 'is for the reader of a notice alone: see test_inbox.py',
    'services.notes.editing.at_checkpoint': "has nothing but one's own notes: see test_notes.py",
    'services.notes.editing.edit': 'is for the owner of a note alone: see test_notes.py',
    'services.notes.editing.delete': 'is for the owner of a note alone: see test_notes.py',
    'services.notes.editing.restore': 'is for the owner of a note alone: see test_notes.py',
    'services.content.uploads.serving.served': 'of a preview, open to anyone: see test_uploads.py',
    'services.content.question_pictures.bring_in': _PICTURES,
    'services.content.question_pictures.served': _PICTURES,
    'services.content.question_pictures.places': _PICTURES,
    'services.content.question_pictures.for_export': _PICTURES,
    'services.content.documents.save': 'says why it does not count: see test_documents.py',
    'services.content.documents.count_download': 'counts nothing for others: see test_documents.py',
    'services.content.interactions.tell': (
        'is for learners, where there is something to see: see tests/api/test_study.py'
    ),
    'services.study.api_sessions.here': "has nothing but what is open on one's own device: see tests/api/test_study.py",
    'services.content.pdf_access.paper': 'goes through `served`: see tests/web/test_page_pictures.py',
    'services.content.pdf_access.words': 'goes through `served`: see tests/web/test_page_pictures.py',
    'services.content.uploads.serving.readable_checkpoint': 'what `served` goes through',
    'services.content.course_archive.bringing_in.bring_in': 'asks may_import first: see test_course_archive.py',
    'services.content.uploads.attaching.stored': 'its callers have asked already: see test_uploads.py',
    'services.content.uploads.receiving.take': 'asks may_give first and attach last: see test_uploads.py',
    'services.live.help.queue.ask': (
        'says Not enrolled where others say that there is nothing: see test_help_queue.py'
    ),
    'services.live.questions.asking.ask': _IN_CLASS,
    'services.live.questions.asking.ask_new': _IN_CLASS,
    'services.live.questions.asking.move': _IN_CLASS,
    'services.live.questions.asking.put_away': _IN_CLASS,
    'services.live.questions.asking.show_live': _IN_CLASS,
    'services.live.stream.polling.window': 'asks class_access.place: see test_polling.py',
    'services.live.stream.polling.of_class': 'asks class_access.place: see test_polling.py',
    'services.live.class_access.open_page': 'asks class_access.open_live and may_teach: see live/test_open_page.py',
    'services.live.class_access.teachers_room': 'asks class_access.may_teach: see test_polling.py',
    'services.live.class_access.learners_room': 'asks class_access.place: see test_polling.py',
    'services.live.stream.api_presence.join': 'asks class_access.learners_room: see test_live.py',
    'services.live.stream.api_presence.leave': 'asks class_access.learners_room: see test_live.py',
    'services.live.stream.api_presence.signal': 'asks class_access.learners_room: see test_live.py',
    'services.accounts.guest_upgrade.claim': (
        'is about guests, of whom the school has only one: see test_guest_upgrade.py'
    ),
    'services.accounts.tokens.renew': 'gets an actor that was checked already: see guest_upgrade.py',
    'services.accounts.sign_ins.renew': 'gets an actor that was checked already: see guest_upgrade.py',
    'services.accounts.addresses.ask_again': 'is about the own address: see test_addresses.py',
    'services.accounts.addresses.confirm': 'asks for a link of the own account: see test_addresses.py',
    'services.assignments.rules.of_checkpoint': _ASSIGNMENT,
    'services.assignments.rules.set_rules': _ASSIGNMENT,
    'services.assignments.rules.extend': _ASSIGNMENT,
    'services.assignments.rules.agreed_dates': _ASSIGNMENT,
    'services.assignments.rules.taught': 'what the verbs for teachers go through',
    'services.assignments.submissions.task': _ASSIGNMENT,
    'services.assignments.submissions.save_text': _ASSIGNMENT,
    'services.assignments.submissions.submit': _ASSIGNMENT,
    'services.assignments.submissions.take_back': _ASSIGNMENT,
    'services.assignments.submissions.draft': 'what save_text and submit go through',
    'services.content.uploads.handed_in.may_add': _HANDED_IN,
    'services.content.uploads.handed_in.add': _HANDED_IN,
    'services.content.uploads.handed_in.take': _HANDED_IN,
    'services.content.uploads.handed_in.drop': _HANDED_IN,
    'services.content.uploads.handed_in.served': _HANDED_IN,
    'services.content.uploads.handed_in.drop_own': 'is for one person: see tests/support/route_table.py',
    'services.content.uploads.handed_in.paper': 'goes through the same as `served`: see test_files.py',
    'services.content.uploads.handed_in.words': 'goes through `paper`',
    'services.content.uploads.handed_in.beginning': 'goes through `served`',
    'services.content.uploads.files_back.may_add': _HANDED_IN,
    'services.content.uploads.files_back.add': _HANDED_IN,
    'services.content.uploads.files_back.take': _HANDED_IN,
    'services.content.uploads.files_back.drop': _HANDED_IN,
    'services.assignments.desk.taught_work': 'what the verbs of the desk go through',
    'services.assignments.desk.of_assignment': _ASSIGNMENT,
    'services.assignments.desk.first_waiting': _ASSIGNMENT,
    'services.assignments.desk.of_course': 'lists assignments: see tests/support/route_table.py',
    'services.assignments.desk.on_desk': _ASSIGNMENT,
    'services.assignments.grading.grade': _ASSIGNMENT,
    'services.assignments.grading.give_back': _ASSIGNMENT,
    'services.mail.mail_settings.edit': 'is for admins: see test_mail_settings.py',
    'services.mail.delivery.send_test': 'is for admins: see test_delivery.py',
    'services.accounts.school_settings.edit': 'is for admins: see test_school_settings.py',
    'services.accounts.sign_ins.touch': 'asks for an actor that was resolved just now, and does nothing for others',
    'services.progress.counters.recalculate': 'goes through recount_course and recount_some',
    'services.content.eligibility.check': 'is asked for every heartbeat: see test_videos.py and test_documents.py',
    'services.live.course_head.door': 'leads everybody somewhere: see test_course_head.py',
    'services.live.joining.come': 'goes through taps.take: see test_refused_taps.py',
    'services.live.joining.go': 'goes through taps.take: see test_refused_taps.py',
    'services.quizzes.class_answers.of_question': 'needs answers in class: see test_class_answers.py',
    'services.quizzes.attempt_in_full.of_learner': QUIZZES,
    'services.quizzes.attempt_record.of_attempt': QUIZZES,
    'services.quizzes.attempts.offer': QUIZZES,
    'services.quizzes.attempts.start': QUIZZES,
    'services.quizzes.attempts.paper': QUIZZES,
    'services.quizzes.attempts.end_of': QUIZZES,
    'services.quizzes.attempts.go_to': QUIZZES,
    'services.quizzes.attempts.own_attempt': QUIZZES,
    'services.quizzes.attempts.taught_attempt': QUIZZES,
    'services.quizzes.bank.of_course': QUIZZES,
    'services.quizzes.bank.one': QUIZZES,
    'services.quizzes.bank.add': QUIZZES,
    'services.quizzes.bank.add_many': QUIZZES,
    'services.quizzes.bank.new_version': QUIZZES,
    'services.quizzes.bank.duplicate': QUIZZES,
    'services.quizzes.bank.delete': QUIZZES,
    'services.quizzes.bank.restore': QUIZZES,
    'services.quizzes.bank.taught': QUIZZES,
    'services.quizzes.circumstances.begin': QUIZZES,
    'services.quizzes.circumstances.come_back': QUIZZES,
    'services.quizzes.closing.submit': QUIZZES,
    'services.quizzes.exporting.of_course': QUIZZES,
    'services.quizzes.importing.plan': QUIZZES,
    'services.quizzes.importing.bring_in': QUIZZES,
    'services.quizzes.limits.agree': QUIZZES,
    'services.quizzes.limits.agreed': QUIZZES,
    'services.quizzes.marking.piles': QUIZZES,
    'services.quizzes.marking.on_desk': QUIZZES,
    'services.quizzes.marking.grade': QUIZZES,
    'services.quizzes.adapting.go_on': QUIZZES,
    'services.quizzes.adapting.next_place': QUIZZES,
    'services.quizzes.adapting.why': QUIZZES,
    'services.quizzes.skills.of_learner': QUIZZES,
    'services.quizzes.spacing.due': 'is tried in tests/services/quizzes/test_spacing.py',
    'services.quizzes.spacing.today': 'is of the actor alone: see tests/services/quizzes/test_spacing.py',
    'services.quizzes.marking.say': QUIZZES,
    'services.quizzes.marking.remarks': QUIZZES,
    'services.quizzes.previewing.of_quiz': QUIZZES,
    'services.quizzes.quiz_settings.of_checkpoint': QUIZZES,
    'services.quizzes.quiz_settings.set_rules': QUIZZES,
    'services.quizzes.quiz_settings.set_items': QUIZZES,
    'services.quizzes.quiz_settings.add_item': QUIZZES,
    'services.quizzes.quiz_settings.publish': QUIZZES,
    'services.quizzes.quiz_settings.set_up': QUIZZES,
    'services.quizzes.review.seen': QUIZZES,
    'services.quizzes.dry_runs.of_change': QUIZZES,
    'services.quizzes.regrading.edit': QUIZZES,
    'services.quizzes.regrading.accept_too': QUIZZES,
    'services.quizzes.results.of_quiz': QUIZZES,
    'services.quizzes.question_results.analysis': QUIZZES,
    'services.quizzes.results.wrong_answers': QUIZZES,
    'services.quizzes.results.wrong_in_quiz': QUIZZES,
    'services.quizzes.review.review': QUIZZES,
    'services.quizzes.review.checked': QUIZZES,
    'services.quizzes.review.going_on': QUIZZES,
    'services.quizzes.review.all_checked': QUIZZES,
}


def name(verb: Callable[..., object]) -> str:
    return f'{verb.__module__}.{verb.__name__}'


async def a_school_of_nine(*, size: int) -> School:
    """Make the school in which all verbs are tried, and somebody who may be asked to help."""
    school = await a_school()
    await an_instructor(email='third@example.org')
    return school


@pytest.fixture(scope='module')
def _on_sqlite(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Copies:
    return Copies(Files(tmp_path_factory.mktemp('schools'), _sqlite_template), a_school_of_nine)


@pytest.fixture(scope='module')
def _on_postgresql(postgres_server: PostgresServer) -> Copies:
    return Copies(Server(postgres_server), a_school_of_nine)


@pytest.fixture(params=['sqlite', 'postgresql'])
async def school(request: pytest.FixtureRequest, data_dir: Path) -> AsyncIterator[School]:
    """A school that is made once for all verbs, and as it was before each of them."""
    copies: Copies = request.getfixturevalue(f'_on_{request.param}')
    yield (await copies.fresh())[1]
    copies.close()


@pytest.mark.parametrize('case', CASES, ids=lambda case: name(case.verb).removeprefix('services.'))
async def test_who_may(case: Case, school: School) -> None:
    arguments = case.arguments(school)

    found = {who: await attempt(case.verb, actor, arguments) for who, actor in school.people.items()}

    assert {who: type(outcome) for who, outcome in found.items()} == case.rule
    if 'user_id' in arguments:
        of_child = await attempt(case.verb, school.people['parent'], arguments | {'user_id': school.student_id})
        assert type(of_child) is case.rule['parent'], 'a parent asks about their own child'
    hidden = next((key for key in arguments if key in {'course_id', 'module_id', 'checkpoint_id'}), None)
    if hidden:
        absent = arguments | {hidden: ABSENT}
        assert isinstance(await attempt(case.verb, None, absent), NotSignedIn)
        for who in 'owner', 'instructor elsewhere':
            outcome = await attempt(case.verb, school.people[who], absent)
            assert (type(outcome), str(outcome)) == (NotFound, str(found['instructor elsewhere'])), who


def test_no_verb_with_an_actor_is_missing_from_the_table() -> None:
    modules = [importlib.import_module(m.name) for m in pkgutil.walk_packages(services.__path__, 'services.')]
    public = {
        name(function)
        for module in modules
        if module is not access
        for key, function in inspect.getmembers(module, inspect.isfunction)
        if not key.startswith('_') and function.__module__ == module.__name__
        if 'actor' in inspect.signature(function).parameters
    }

    assert public == {name(case.verb) for case in CASES} | ELSEWHERE.keys()


@pytest.mark.usefixtures('db')
async def test_a_checkpoint_cannot_be_moved_into_a_course_of_somebody_else() -> None:
    school = await a_school()
    owner, foreign = school.people['owner'], await a_course(title='Air')
    arguments: dict[str, object] = {'checkpoint_id': school.checkpoint_id, 'index': 0}

    theirs = await attempt(checkpoints.move, owner, arguments | {'module_id': foreign.module_id})
    absent = await attempt(checkpoints.move, owner, arguments | {'module_id': ABSENT})

    assert (type(theirs), str(theirs)) == (type(absent), str(absent)) == (NotFound, str(absent))


@pytest.mark.usefixtures('db')
async def test_nobody_signs_out_the_device_of_somebody_else() -> None:
    school = await a_school()
    learner, owner = school.people['learner'], school.people['owner']
    assert learner
    assert owner

    assert isinstance(await attempt(sign_ins.sign_out, learner, {'sign_in_id': owner.sign_in_id}), NotFound)


async def attempt(verb: Callable[..., object], actor: object, arguments: dict[str, object]) -> DomainError:
    def tried(tx: Transaction) -> None:
        verb(tx, actor, **arguments)
        raise Allowed('so far, so good')

    with pytest.raises(DomainError) as outcome:
        await database.write(tried)
    return outcome.value
