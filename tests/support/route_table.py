"""Who may ask for which address: the table that `test_matrix.py`, `test_budgets.py` and `test_schema.py` go through.

A new address needs a row:  'PUT /courses/{course_id}': Row(WHO_TEACHES),
- The rule says for everybody in the school (`school_page.py`) whether they are let IN, or how they are refused.
- What `{course_id}` and the like stand for is in `school_page.py`; `about` names another thing: about={'course_id':
  'deleted_course_id'}.
- The body is the example in the document, with ids of the school. `body` replaces fields of it:
  body=lambda things: {'code': things['code']}; `query` gives what stands behind the question mark.
- `answer` is what those who are let in get where it cannot be 2xx in this school: answer=409.
- Ids that are not there, or belong to another course, are expected to answer 404 and to look the same. `absent` says
  otherwise, for one of the names: absent={'checkpoint_id': 403}.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.support.api_school import Things

IN = 200
Rule = dict[str, int]

_NOBODY: Rule = {'nobody': 401, 'signed out': 401}
_LEARNING: Rule = {'student': IN, 'guest': IN}
_TEACHING: Rule = {'owner': IN, 'co-instructor': IN, 'admin': IN}
_ELSEWHERE: Rule = {'student elsewhere': 404, 'instructor elsewhere': 404, 'parent': 404}
"""the parent is one of the student"""
_PEOPLE = [*_LEARNING, *_TEACHING, *_ELSEWHERE]

ANYBODY: Rule = dict.fromkeys([*_NOBODY, *_PEOPLE, 'service'], IN)
WHO_IS_SIGNED_IN: Rule = _NOBODY | dict.fromkeys(_PEOPLE, IN) | {'service': 403}
ACCOUNTS: Rule = WHO_IS_SIGNED_IN | {'guest': 409}
PARTICIPANTS: Rule = WHO_IS_SIGNED_IN | {'parent': 403}
INSTRUCTORS: Rule = PARTICIPANTS | {'student': 403, 'guest': 403, 'student elsewhere': 403}
ADMINS: Rule = WHO_IS_SIGNED_IN | dict.fromkeys(_PEOPLE, 404) | {'admin': IN}
PARENTS: Rule = WHO_IS_SIGNED_IN | dict.fromkeys(_PEOPLE, 404) | {'parent': IN}
WHO_TEACHES_OR_LEARNS: Rule = WHO_IS_SIGNED_IN | _ELSEWHERE
WHO_TEACHES: Rule = WHO_TEACHES_OR_LEARNS | dict.fromkeys(_LEARNING, 404)
WHO_OWNS: Rule = WHO_TEACHES | {'co-instructor': 403}
WHO_LEARNS: Rule = WHO_TEACHES_OR_LEARNS | dict.fromkeys(_TEACHING, 403)
THE_STUDENT: Rule = WHO_IS_SIGNED_IN | dict.fromkeys(_PEOPLE, 404) | {'student': IN}
"""what belongs to one person, and is hidden from all others, whoever they are"""
A_GOAL: Rule = THE_STUDENT | {'parent': 403}

WHO_TEACHES_OR_IS_IT: Rule = WHO_TEACHES | {'student': IN}
WHO_MARKS: Rule = _NOBODY | dict.fromkeys(_PEOPLE, 403) | {'student': IN, 'service': IN}
"""for a learner whom the body names: whoever names somebody else knows of them, so they are not hidden"""


@dataclass(frozen=True, slots=True)
class Row:
    """How an address is tried."""

    who: Rule
    about: Mapping[str, str] = field(default_factory=dict)
    body: Callable[[Things], Things] | None = None
    query: str = ''
    answer: int = IN
    absent: Mapping[str, int] = field(default_factory=dict)


UNDOCUMENTED = {'GET /docs', 'GET /openapi.json'}
MOUNTED = {'/docs/assets': 'the files of Swagger UI, for anybody'}
PDF = {'checkpoint_id': 'pdf_checkpoint_id'}

A_MARK = Row(
    WHO_MARKS,
    body=lambda things: {'session_id': things['session_id'], 'user_id': things['user_id']},
    absent={'user_id': 403},
)
QUIZ = {'checkpoint_id': 'quiz_id'}
ASSIGNMENT = {'checkpoint_id': 'assignment_id'}
OPEN_ASSIGNMENT = {'checkpoint_id': 'open_assignment_id'}
SUBMITTED = {'attempt_id': 'submitted_attempt_id', 'position': 'essay_position'}
A_CHANGE = Row(WHO_TEACHES, body=lambda _: {'question': {'kind': 'essay', 'text': 'Why does sand dry out?'}})
OVER = {'session_id': 'past_session_id'}

ROUTES: dict[str, Row] = {
    'GET /docs': Row(ANYBODY),
    'GET /openapi.json': Row(ANYBODY),
    'POST /auth/register': Row(ANYBODY),
    'POST /auth/login': Row(ANYBODY, body=lambda things: {'email': 'stella@example.org'}),
    'POST /auth/join': Row(ANYBODY),
    'POST /auth/rejoin': Row(ANYBODY, body=lambda things: {'code': things['rejoin_code']}),
    'POST /auth/refresh': Row(ANYBODY),
    'POST /auth/logout': Row(WHO_IS_SIGNED_IN),
    'GET /auth/me': Row(WHO_IS_SIGNED_IN),
    'PUT /auth/me': Row(WHO_IS_SIGNED_IN),
    'PUT /auth/me/email': Row(ACCOUNTS, body=lambda things: {'current_password': things['password']}),
    'PUT /auth/me/password': Row(ACCOUNTS, body=lambda things: {'current_password': things['password']}),
    # no mails are sent here: test_mails.py
    'POST /auth/me/email/confirmation': Row(WHO_IS_SIGNED_IN, answer=409),
    'PUT /auth/me/email/confirmed': Row(WHO_IS_SIGNED_IN, answer=404),
    'POST /auth/password/forgotten': Row(ANYBODY, answer=409),
    'PUT /auth/password': Row(ANYBODY, body=lambda things: {'link': things['password_link']}),
    'GET /auth/devices': Row(WHO_IS_SIGNED_IN),
    'DELETE /auth/devices/{sign_in_id}': Row(THE_STUDENT),
    'POST /auth/services': Row(ADMINS),
    'GET /courses': Row(PARTICIPANTS),
    'POST /courses': Row(INSTRUCTORS),
    'POST /courses/enroll': Row(PARTICIPANTS),
    'GET /courses/trash': Row(INSTRUCTORS),
    'GET /courses/{course_id}/trash': Row(WHO_TEACHES),
    'GET /courses/{course_id}': Row(WHO_TEACHES_OR_LEARNS),
    'PUT /courses/{course_id}': Row(WHO_TEACHES),
    'DELETE /courses/{course_id}': Row(WHO_OWNS),
    'GET /courses/{course_id}/live': Row(WHO_TEACHES_OR_LEARNS),
    'POST /courses/{course_id}/live/start': Row(WHO_TEACHES),
    'POST /courses/{course_id}/live/end': Row(WHO_TEACHES),
    'PUT /courses/{course_id}/live/current': Row(WHO_TEACHES),
    'POST /courses/{course_id}/live/next': Row(WHO_TEACHES),
    'POST /courses/{course_id}/live/previous': Row(WHO_TEACHES, answer=409),
    'POST /courses/{course_id}/live/pause': Row(WHO_TEACHES),
    'POST /courses/{course_id}/live/resume': Row(WHO_TEACHES),
    'PUT /courses/{course_id}/live/names': Row(WHO_TEACHES),
    'PUT /courses/{course_id}/live/timer': Row(WHO_TEACHES),
    'POST /courses/{course_id}/live/join': Row(WHO_LEARNS),
    'POST /courses/{course_id}/live/leave': Row(WHO_LEARNS),
    'PUT /courses/{course_id}/live/hidden': Row(WHO_LEARNS),
    'GET /courses/{course_id}/live/question': Row(WHO_TEACHES_OR_LEARNS),
    'POST /courses/{course_id}/live/questions': Row(WHO_TEACHES, answer=409),
    'PUT /live-questions/{live_question_id}/state': Row(WHO_TEACHES),
    'PUT /live-questions/{live_question_id}/answer': Row(WHO_TEACHES_OR_LEARNS | dict.fromkeys(_TEACHING, 404)),
    'PUT /courses/{course_id}/live/pace': Row(WHO_LEARNS | {'guest': 409}),
    'GET /courses/{course_id}/help': Row(WHO_TEACHES),
    'GET /courses/{course_id}/help/own': Row(WHO_LEARNS),
    'POST /courses/{course_id}/help': Row(WHO_LEARNS),
    'POST /help/{request_id}/withdraw': Row(WHO_LEARNS | {'guest': 403}),
    'POST /help/{request_id}/claim': Row(WHO_TEACHES | {'student': 403, 'guest': 403}),
    'POST /help/{request_id}/release': Row(WHO_TEACHES | {'student': 403, 'guest': 403}),
    'POST /help/{request_id}/resolve': Row(WHO_TEACHES_OR_LEARNS | {'guest': 403}),
    'GET /courses/{course_id}/attention': Row(WHO_TEACHES),
    'POST /courses/{course_id}/attention/dismiss': Row(WHO_TEACHES),
    'GET /courses/{course_id}/progress': Row(WHO_IS_SIGNED_IN, absent={'course_id': 200}),
    'GET /courses/{course_id}/progress/why': Row(WHO_IS_SIGNED_IN, absent={'course_id': 200}),
    'GET /courses/{course_id}/next': Row(WHO_TEACHES_OR_LEARNS),
    'POST /courses/{course_id}/recalculate': Row(WHO_TEACHES),
    'GET /progress/course/{course_id}': Row(WHO_TEACHES),
    'GET /progress/student/{user_id}': Row(WHO_TEACHES_OR_IS_IT),
    'GET /progress/student/{user_id}/course/{course_id}': Row(WHO_TEACHES_OR_IS_IT),
    'GET /progress/student/{user_id}/course/{course_id}/skills': Row(WHO_TEACHES_OR_IS_IT),
    'GET /progress/student/{user_id}/course/{course_id}/reviews': Row(WHO_TEACHES_OR_IS_IT),
    'POST /progress/student/{user_id}/course/{course_id}/recalculate': Row(WHO_TEACHES),
    'GET /progress/student/{user_id}/concept/{checkpoint_id}': Row(WHO_TEACHES_OR_IS_IT),
    'GET /progress/learning-path/{user_id}': Row(WHO_TEACHES_OR_IS_IT),
    'GET /analytics/definitions': Row(WHO_IS_SIGNED_IN),
    'GET /analytics/instructor/{course_id}': Row(WHO_TEACHES),
    'POST /analytics/instructor/{course_id}/dismiss': Row(WHO_TEACHES),
    'GET /analytics/student/{course_id}': Row(WHO_LEARNS),
    'GET /analytics/export/{course_id}': Row(WHO_TEACHES),
    'POST /analytics/export': Row(
        WHO_TEACHES_OR_IS_IT, body=lambda things: {'student_ids': [things['user_id']], 'date_range': {}}
    ),
    'GET /analytics/report/{user_id}': Row(WHO_TEACHES_OR_IS_IT),
    'GET /analytics/report/{user_id}/performance': Row(WHO_TEACHES_OR_IS_IT),
    'GET /analytics/insights/{user_id}': Row(WHO_TEACHES_OR_IS_IT),
    'GET /analytics/trends/{user_id}': Row(WHO_TEACHES_OR_IS_IT),
    'GET /analytics/subjects/{user_id}': Row(WHO_TEACHES_OR_IS_IT),
    'GET /dashboard/student/{user_id}': Row(WHO_TEACHES_OR_IS_IT),
    'GET /dashboard/parent/{parent_id}': Row(THE_STUDENT | {'student': 404, 'parent': IN}),
    'GET /dashboard/educator/{user_id}': Row(
        THE_STUDENT | {'student': 404, 'owner': IN}, about={'user_id': 'owner_id'}
    ),
    'GET /dashboard/admin/{user_id}': Row(ADMINS, about={'user_id': 'admin_id'}),
    'GET /school/time': Row(ADMINS),
    'POST /progress/track': Row(
        WHO_MARKS, body=lambda things: {'student_id': things['user_id'], 'concept_id': things['checkpoint_id']}
    ),
    'POST /progress/{checkpoint_id}/start': A_MARK,
    'POST /progress/{checkpoint_id}/complete': A_MARK,
    'POST /progress/{checkpoint_id}/undo': A_MARK,
    'POST /courses/{course_id}/restore': Row(WHO_OWNS, about={'course_id': 'deleted_course_id'}),
    'POST /courses/{course_id}/archive': Row(WHO_TEACHES),
    'POST /courses/{course_id}/unarchive': Row(WHO_TEACHES),
    'POST /courses/{course_id}/duplicate': Row(WHO_TEACHES),
    'POST /courses/{course_id}/enroll': Row(PARTICIPANTS),
    'POST /courses/{course_id}/code': Row(WHO_TEACHES),
    'PUT /courses/{course_id}/code': Row(WHO_TEACHES),
    'PUT /courses/{course_id}/attention/thresholds': Row(WHO_TEACHES),
    'PUT /courses/{course_id}/classmates-help': Row(WHO_TEACHES),
    'PUT /courses/{course_id}/certificates': Row(WHO_TEACHES),
    'POST /courses/{course_id}/co-instructors': Row(WHO_TEACHES, body=lambda _: {'email': 'other@example.org'}),
    'DELETE /courses/{course_id}/co-instructors/{user_id}': Row(WHO_TEACHES, about={'user_id': 'co_instructor_id'}),
    'GET /courses/{course_id}/checkpoints': Row(WHO_TEACHES_OR_LEARNS),
    'POST /courses/{course_id}/checkpoints': Row(WHO_TEACHES, body=lambda things: {'module_id': things['module_id']}),
    'POST /courses/{course_id}/modules': Row(WHO_TEACHES),
    'POST /modules/{module_id}/checkpoints': Row(WHO_TEACHES),
    'PUT /modules/{module_id}': Row(WHO_TEACHES),
    'POST /modules/{module_id}/move': Row(WHO_TEACHES),
    'DELETE /modules/{module_id}': Row(WHO_TEACHES),
    'POST /modules/{module_id}/restore': Row(WHO_TEACHES, about={'module_id': 'deleted_module_id'}),
    'PATCH /checkpoints/reorder': Row(WHO_TEACHES),
    'GET /checkpoints/{checkpoint_id}': Row(WHO_TEACHES_OR_LEARNS),
    'PUT /checkpoints/{checkpoint_id}': Row(WHO_TEACHES),
    'POST /checkpoints/{checkpoint_id}/move': Row(WHO_TEACHES),
    'DELETE /checkpoints/{checkpoint_id}': Row(WHO_TEACHES),
    'POST /checkpoints/{checkpoint_id}/restore': Row(WHO_TEACHES, about={'checkpoint_id': 'deleted_checkpoint_id'}),
    'GET /courses/{course_id}/people': Row(WHO_TEACHES),
    'GET /courses/{course_id}/people/{user_id}': Row(WHO_TEACHES),
    'PATCH /courses/{course_id}/people/{user_id}': Row(WHO_TEACHES),
    'DELETE /courses/{course_id}/people/{user_id}': Row(WHO_TEACHES),
    'POST /courses/{course_id}/people/{user_id}/restore': Row(WHO_TEACHES),
    'PUT /courses/{course_id}/people/{guest_id}/same-as': Row(WHO_TEACHES),
    'DELETE /courses/{course_id}/people/{guest_id}/same-as': Row(WHO_TEACHES, answer=409),
    'GET /courses/{course_id}/guest-codes': Row(WHO_TEACHES),
    'GET /courses/{course_id}/guest-codes/cards': Row(WHO_TEACHES),
    'GET /courses/{course_id}/poster': Row(WHO_TEACHES),
    'POST /courses/{course_id}/people/{user_id}/guest-code': Row(WHO_TEACHES, about={'user_id': 'guest_id'}),
    'GET /courses/{course_id}/guest-limits': Row(WHO_TEACHES),
    'POST /courses/{course_id}/class-list/columns': Row(WHO_TEACHES),
    'POST /courses/{course_id}/class-list/plan': Row(WHO_TEACHES),
    'POST /courses/{course_id}/class-list': Row(WHO_TEACHES),
    # an instructor makes links for guests only: test_people.py
    'POST /people/{user_id}/password-link': Row(WHO_TEACHES | {'owner': 403, 'co-instructor': 403}),
    'POST /links/instructor': Row(ADMINS),
    'POST /links/admin': Row(ADMINS),
    'POST /links/password': Row(ADMINS, body=lambda _: {'email': 'stella@example.org'}),
    'GET /people/{user_id}/parents': Row(WHO_TEACHES_OR_IS_IT),
    'POST /people/{user_id}/parents/codes': Row(WHO_TEACHES_OR_IS_IT),
    'DELETE /people/{user_id}/parents/codes/{code_id}': Row(WHO_TEACHES_OR_IS_IT),
    'DELETE /people/{user_id}/parents/{parent_id}': Row(WHO_TEACHES_OR_IS_IT | {'parent': IN}),
    'PUT /people/{user_id}/parents/{parent_id}/blocked': Row(WHO_TEACHES),
    'GET /children': Row(PARENTS),
    'POST /children': Row(PARENTS, body=lambda things: {'code': things['parent_code']}),
    'GET /children/weekly-mail': Row(PARENTS),
    'PUT /children/weekly-mail': Row(PARENTS),
    'GET /school/mail': Row(ADMINS),
    'PUT /school/mail': Row(ADMINS, body=lambda _: {'host': ''}),
    'POST /school/mail/test': Row(ADMINS, answer=409),
    'GET /school/mail/unsent': Row(ADMINS),
    'POST /school/mail/unsent/{mail_id}/send-again': Row(ADMINS),
    'DELETE /school/mail/unsent/{mail_id}': Row(ADMINS),
    'GET /school': Row(ADMINS),
    'PUT /school': Row(ADMINS, body=lambda _: {'name': '', 'time_zone': '', 'language': ''}),
    'GET /school/people': Row(ADMINS),
    'GET /school/people/{user_id}': Row(ADMINS),
    'PATCH /school/people/{user_id}': Row(ADMINS, body=lambda _: {'role': None, 'is_disabled': False}),
    'POST /school/people/{user_id}/sign-out': Row(ADMINS),
    'GET /school/courses': Row(ADMINS),
    'GET /school/password-links': Row(ADMINS),
    'GET /courses/{course_id}/file': Row(WHO_TEACHES),
    'POST /courses/import': Row(INSTRUCTORS),
    'POST /courses/import/file': Row(INSTRUCTORS, answer=422),
    'PUT /content/{checkpoint_id}/{part}': Row(WHO_TEACHES, answer=422),
    'DELETE /content/{checkpoint_id}/{part}': Row(WHO_TEACHES),
    'GET /previews/{checkpoint_id}': Row(ANYBODY, about={'checkpoint_id': 'preview_id'}),
    'GET /courses/{course_id}/completion-records': Row(WHO_TEACHES),
    'GET /courses/{course_id}/classes': Row(WHO_TEACHES),
    'GET /courses/{course_id}/classes/{session_id}': Row(WHO_TEACHES, about=OVER),
    'GET /courses/{course_id}/classes/{session_id}/grid': Row(WHO_TEACHES, about=OVER, query='second=60'),
    'GET /courses/{course_id}/classes/{session_id}/moves': Row(WHO_TEACHES, about=OVER),
    'GET /courses/{course_id}/attendance': Row(WHO_TEACHES),
    'GET /courses/{course_id}/attendance/{session_id}': Row(WHO_TEACHES),
    'GET /courses/{course_id}/attendance/{session_id}/sheet': Row(WHO_TEACHES),
    'POST /study/sessions': Row(WHO_LEARNS),
    'POST /courses/{course_id}/study': Row(WHO_LEARNS),
    'POST /study/sessions/end': Row(WHO_TEACHES_OR_LEARNS),
    'POST /study/beat': Row(WHO_LEARNS),
    'POST /study/progress': Row(WHO_LEARNS, about=PDF),
    'GET /courses/{course_id}/path': Row(WHO_TEACHES_OR_LEARNS),
    'GET /courses/{course_id}/time': Row(WHO_LEARNS),
    'GET /courses/{course_id}/time/sessions': Row(WHO_LEARNS),
    'GET /courses/{course_id}/people/{user_id}/time': Row(WHO_TEACHES),
    'GET /courses/{course_id}/people/{user_id}/time/sessions': Row(WHO_TEACHES),
    'POST /courses/{course_id}/pause': Row(WHO_LEARNS),
    'POST /courses/{course_id}/resume': Row(WHO_LEARNS),
    'GET /checkpoints/{checkpoint_id}/content': Row(WHO_TEACHES_OR_LEARNS),
    # there are no files on the disk of this school: test_content.py
    'GET /pictures/{picture}': Row(WHO_TEACHES_OR_LEARNS, answer=410),
    'GET /content/{checkpoint_id}/{part}': Row(WHO_TEACHES_OR_LEARNS, about=PDF, answer=410),
    'GET /notes': Row(PARTICIPANTS),
    'GET /notes/tags': Row(PARTICIPANTS),
    'GET /notes/export': Row(PARTICIPANTS),
    'POST /checkpoints/{checkpoint_id}/notes': Row(WHO_LEARNS, body=lambda _: {'text': 'Wet the sample'}),
    'PUT /notes/{note_id}': Row(THE_STUDENT),
    'DELETE /notes/{note_id}': Row(THE_STUDENT),
    'GET /deadlines': Row(WHO_IS_SIGNED_IN),
    'GET /notifications/{user_id}': Row(THE_STUDENT),
    # there is no notice in this school: test_notices.py
    'POST /notifications/mark-read': Row(WHO_IS_SIGNED_IN, body=lambda _: {'notification_ids': []}),
    'GET /notifications/preferences/{user_id}': Row(THE_STUDENT),
    'PUT /notifications/preferences/{user_id}': Row(THE_STUDENT),
    'GET /courses/{course_id}/predictions': Row(WHO_TEACHES),
    'POST /courses/{course_id}/predictions': Row(WHO_TEACHES),
    'PUT /courses/{course_id}/predictions/on': Row(WHO_TEACHES),
    'GET /courses/{course_id}/predictions/quality': Row(WHO_TEACHES),
    'POST /courses/{course_id}/predictions/contest': Row(WHO_LEARNS, answer=409),
    'GET /courses/{course_id}/predictions/{user_id}': Row(WHO_TEACHES_OR_IS_IT),
    'POST /courses/{course_id}/predictions/{user_id}/dismiss': Row(WHO_TEACHES, answer=409),
    'GET /predictions/quality': Row(ADMINS),
    'PUT /predictions/on': Row(ADMINS),
    'PUT /predictions/own/on': Row(PARTICIPANTS),
    'GET /gamification/points/{user_id}': Row(THE_STUDENT),
    'GET /gamification/badges/{user_id}': Row(THE_STUDENT),
    'GET /gamification/streak/{user_id}': Row(THE_STUDENT),
    'POST /gamification/award-points': Row(WHO_TEACHES),
    'GET /gamification/leaderboard': Row(WHO_IS_SIGNED_IN),
    'GET /goals': Row(PARTICIPANTS),
    # a goal without a course can be set by everybody: test_goals.py
    'POST /goals': Row(WHO_LEARNS | {'parent': 403}, body=lambda things: {'course_id': things['course_id']}),
    'PUT /goals/{goal_id}': Row(A_GOAL, body=lambda things: {'course_id': things['course_id']}),
    'DELETE /goals/{goal_id}': Row(A_GOAL),
    'PUT /goals/{goal_id}/achieved': Row(A_GOAL),
    'PUT /goals/{goal_id}/milestones/{milestone_id}/reached': Row(A_GOAL),
    'GET /goals/weeks': Row(PARTICIPANTS),
    'PUT /courses/{course_id}/weekly-goal': Row(WHO_LEARNS),
    'GET /courses/{course_id}/weeks': Row(WHO_LEARNS),
    'GET /courses/{course_id}/people/{user_id}/weeks': Row(WHO_TEACHES),
    'GET /certificates': Row(PARTICIPANTS),
    'GET /certificates/troubles': Row(ADMINS),
    'POST /certificates/troubles/try-again': Row(ADMINS),
    'GET /certificates/{serial}': Row(ANYBODY),
    'GET /certificates/{serial}/pdf': Row(ANYBODY),
    'GET /certificates/{serial}/credential': Row(ANYBODY),
    'GET /courses/{course_id}/certificates': Row(WHO_TEACHES),
    # nobody has completed this course: test_certificates.py
    'GET /courses/{course_id}/certificates/file': Row(WHO_TEACHES, answer=409),
    'POST /courses/{course_id}/certificates': Row(WHO_TEACHES, answer=409),
    'DELETE /courses/{course_id}/certificates/{user_id}': Row(WHO_TEACHES, answer=409),
    'GET /courses/{course_id}/questions': Row(WHO_TEACHES),
    'POST /courses/{course_id}/questions': Row(WHO_TEACHES, body=lambda _: {'kind': 'essay'}),
    'GET /questions/{question_id}': Row(WHO_TEACHES),
    'PUT /questions/{question_id}': A_CHANGE,
    # one that is part of no quiz
    'DELETE /questions/{question_id}': Row(WHO_TEACHES, about={'question_id': 'spare_question_id'}),
    'POST /questions/{question_id}/restore': Row(WHO_TEACHES, about={'question_id': 'deleted_question_id'}),
    'POST /questions/{question_id}/dry-run': A_CHANGE,
    'POST /questions/{question_id}/accept': Row(WHO_TEACHES, about={'question_id': 'short_question_id'}),
    'GET /questions/{question_id}/wrong-answers': Row(WHO_TEACHES),
    'GET /questions/{question_id}/remarks': Row(WHO_TEACHES),
    'GET /checkpoints/{checkpoint_id}/quiz': Row(WHO_TEACHES, about=QUIZ),
    'PUT /checkpoints/{checkpoint_id}/quiz': Row(
        WHO_TEACHES, about=QUIZ, body=lambda things: {'items': [{'question_id': things['question_id']}]}
    ),
    'POST /checkpoints/{checkpoint_id}/quiz/publish': Row(WHO_TEACHES, about=QUIZ),
    'PUT /checkpoints/{checkpoint_id}/quiz/limits/{user_id}': Row(WHO_TEACHES, about=QUIZ),
    'GET /checkpoints/{checkpoint_id}/quiz/results': Row(WHO_TEACHES, about=QUIZ),
    'GET /checkpoints/{checkpoint_id}/quiz/analysis': Row(WHO_TEACHES, about=QUIZ),
    'GET /checkpoints/{checkpoint_id}/quiz/offer': Row(WHO_TEACHES_OR_LEARNS, about=QUIZ),
    'POST /checkpoints/{checkpoint_id}/attempts': Row(WHO_LEARNS, about=QUIZ),
    'GET /attempts/{attempt_id}': Row(THE_STUDENT),
    'PUT /attempts/{attempt_id}/answers/{position}': Row(THE_STUDENT),
    'PUT /attempts/{attempt_id}/place': Row(THE_STUDENT),
    'POST /attempts/{attempt_id}/next': Row(THE_STUDENT, answer=409),
    'POST /attempts/{attempt_id}/submit': Row(THE_STUDENT),
    'GET /courses/{course_id}/grading': Row(WHO_TEACHES),
    # of a question that is not in the quiz, no answer waits
    'GET /checkpoints/{checkpoint_id}/grading/{question_id}': Row(
        WHO_TEACHES, about={'question_id': 'essay_id'} | QUIZ, absent={'question_id': 200}
    ),
    'PUT /attempts/{attempt_id}/answers/{position}/grade': Row(WHO_TEACHES, about=SUBMITTED),
    'PUT /attempts/{attempt_id}/feedback': Row(WHO_TEACHES, about=SUBMITTED),
    'GET /attempts/{attempt_id}/record': Row(WHO_TEACHES, about=SUBMITTED),
    'GET /courses/{course_id}/assignments': Row(WHO_TEACHES),
    'GET /checkpoints/{checkpoint_id}/assignment': Row(WHO_TEACHES, about=ASSIGNMENT),
    'PUT /checkpoints/{checkpoint_id}/assignment': Row(WHO_TEACHES, about=ASSIGNMENT),
    'GET /checkpoints/{checkpoint_id}/assignment/due-dates': Row(WHO_TEACHES, about=ASSIGNMENT),
    'PUT /checkpoints/{checkpoint_id}/assignment/due-dates': Row(
        WHO_TEACHES,
        about=ASSIGNMENT,
        body=lambda things: {'user_id': things['user_id'], 'group_id': None, 'due_at': None},
    ),
    'GET /checkpoints/{checkpoint_id}/submissions': Row(WHO_TEACHES, about=ASSIGNMENT),
    'POST /checkpoints/{checkpoint_id}/submissions/return': Row(WHO_TEACHES, about=ASSIGNMENT),
    'GET /submissions/{submission_id}': Row(WHO_TEACHES),
    'PUT /submissions/{submission_id}/grade': Row(WHO_TEACHES),
    'POST /submissions/{submission_id}/files': Row(WHO_TEACHES, answer=422),
    'DELETE /submissions/{submission_id}/files/{file_id}': Row(WHO_TEACHES, about={'file_id': 'file_back_id'}),
    'GET /checkpoints/{checkpoint_id}/submission': Row(WHO_TEACHES_OR_LEARNS, about=OPEN_ASSIGNMENT),
    'PUT /checkpoints/{checkpoint_id}/submission/text': Row(WHO_LEARNS, about=OPEN_ASSIGNMENT),
    'POST /checkpoints/{checkpoint_id}/submission/files': Row(WHO_LEARNS, about=OPEN_ASSIGNMENT, answer=422),
    # the guest has written nothing
    'POST /checkpoints/{checkpoint_id}/submission/submit': Row(WHO_LEARNS | {'guest': 409}, about=OPEN_ASSIGNMENT),
    'POST /checkpoints/{checkpoint_id}/submission/take-back': Row(WHO_LEARNS, about=OPEN_ASSIGNMENT),
    # there are no files on the disk of this school: test_assignments.py
    'GET /submission-files/{file_id}': Row(THE_STUDENT, about={'file_id': 'handed_file_id'}, answer=410),
    'DELETE /submission-files/{file_id}': Row(THE_STUDENT, about={'file_id': 'handed_file_id'}),
}
