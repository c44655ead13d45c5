"""The closed lists of words that tables store; always stored by value."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do; a guest is a student without an account."""

    STUDENT = 'student'
    INSTRUCTOR = 'instructor'
    PARENT = 'parent'
    ADMIN = 'admin'


class Agreement(StrEnum):
    """Who agrees that a learner registers: the learner, who is old enough for it, or the parents of a younger one."""

    SELF = 'self'
    PARENTS = 'parents'


class DeviceKind(StrEnum):
    """What holds a sign-in: a browser with its cookie, a client of a person, or a service that an admin trusts."""

    BROWSER = 'browser'
    PROGRAM = 'program'
    SERVICE = 'service'


class Scope(StrEnum):
    """What a service may do for others."""

    PROGRESS = 'progress'


class MailKind(StrEnum):
    """What a mail is about."""

    RESET = 'reset'
    CONFIRM = 'confirm'
    CHANGED = 'changed'
    NOTICES = 'notices'
    WEEK = 'week'


class MailState(StrEnum):
    """How far a mail is; one that was sent has no row."""

    WAITING = 'waiting'
    SENDING = 'sending'
    FAILED = 'failed'


class MailSecurity(StrEnum):
    """How the connection to the mail server is encrypted: from its beginning, from STARTTLS on, or not at all."""

    STARTTLS = 'starttls'
    TLS = 'tls'
    NONE = 'none'


class CheckpointKind(StrEnum):
    """What a learner meets at a checkpoint."""

    MARKER = 'marker'
    VIDEO = 'video'
    DOCUMENT = 'document'
    QUIZ = 'quiz'
    ASSIGNMENT = 'assignment'


class Mode(StrEnum):
    """Where a learner was when something was done: in class, or on their own."""

    LIVE = 'live'
    SELF_PACED = 'self_paced'


class Verb(StrEnum):
    """What one activity in the log says that somebody did; `about_id` names the other person, if there is one.

    Watched, read and studied sum up a stretch that has ended, with its `seconds`; paused and resumed is a course.
    The goal that is chosen is that of a week; a week is closed when it is over for the learner. Skills are shown by
    the answers of a graded attempt; what is said of an attempt later replaces what was said of it before.
    """

    SIGNED_IN = 'signed_in'
    SIGNED_OUT = 'signed_out'
    SECOND_FACTOR_ADDED = 'second_factor_added'
    SECOND_FACTOR_REMOVED = 'second_factor_removed'
    ENROLLED = 'enrolled'
    JOINED = 'joined'
    LEFT = 'left'
    ALIAS_SWAPPED = 'alias_swapped'
    STARTED = 'started'
    COMPLETED = 'completed'
    UNDONE = 'undone'
    MODULE_COMPLETED = 'module_completed'
    COURSE_COMPLETED = 'course_completed'
    HELP_ASKED = 'help_asked'
    HELP_WITHDRAWN = 'help_withdrawn'
    HELP_CLAIMED = 'help_claimed'
    HELP_RELEASED = 'help_released'
    HELP_RESOLVED = 'help_resolved'
    HELPED = 'helped'
    ATTENTION_DISMISSED = 'attention_dismissed'
    WATCHED = 'watched'
    READ = 'read'
    STUDIED = 'studied'
    PAUSED = 'paused'
    RESUMED = 'resumed'
    GOAL_CHOSEN = 'goal_chosen'
    WEEK_CLOSED = 'week_closed'
    CERTIFIED = 'certified'
    QUIZ_STARTED = 'quiz_started'
    ANSWERED = 'answered'
    ANSWERED_IN_CLASS = 'answered_in_class'
    QUIZ_SUBMITTED = 'quiz_submitted'
    GRADED = 'graded'
    REGRADED = 'regraded'
    RESULT_OPENED = 'result_opened'
    SKILLS_SHOWN = 'skills_shown'
    GRADE_SET = 'grade_set'
    ASSIGNMENT_SUBMITTED = 'assignment_submitted'
    RETURNED = 'returned'
    RISK_CONTESTED = 'risk_contested'
    RISK_DISMISSED = 'risk_dismissed'
    BADGE_EARNED = 'badge_earned'
    LEVEL_REACHED = 'level_reached'
    STREAK_REACHED = 'streak_reached'
    STREAK_PAUSED = 'streak_paused'
    ROLL_MARKED = 'roll_marked'
    POINTS_AWARDED = 'points_awarded'
    REPORT_REMARKED = 'report_remarked'
    REPORT_KEPT = 'report_kept'
    REPORT_SHARED = 'report_shared'
    MERGED = 'merged'
    UNMERGED = 'unmerged'


class AttemptState(StrEnum):
    """How far an attempt at a quiz is; what is graded has a score, and what waits for a person has none yet."""

    IN_PROGRESS = 'in_progress'
    SUBMITTED = 'submitted'
    GRADED = 'graded'


class SubmissionState(StrEnum):
    """How far the work on an assignment is; a grade is shown to its learner once it is returned."""

    DRAFT = 'draft'
    SUBMITTED = 'submitted'
    GRADED = 'graded'
    RETURNED = 'returned'


class FileKind(StrEnum):
    """What kinds of files an assignment can ask for."""

    PDF = 'pdf'
    PICTURE = 'picture'
    TEXT = 'text'
    OFFICE = 'office'


class Reveal(StrEnum):
    """From when on learners see something of an attempt."""

    AFTER_ANSWER = 'after_answer'
    AFTER_SUBMIT = 'after_submit'
    AFTER_CLOSE = 'after_close'
    NEVER = 'never'


class Change(StrEnum):
    """What a new version of a question means for answers that were graded with another one."""

    FROM_NOW_ON = 'from_now_on'
    REGRADE = 'regrade'
    ACCEPT_BOTH = 'accept_both'
    FULL_CREDIT = 'full_credit'


class DeviceClass(StrEnum):
    """How large the screen is on which somebody answers."""

    DESKTOP = 'desktop'
    TABLET = 'tablet'
    MOBILE = 'mobile'


class LiveQuestionState(StrEnum):
    """How far a question in class is: answers are taken, or none are; what was answered is shown, and what is right."""

    OPEN = 'open'
    CLOSED = 'closed'
    DISTRIBUTION = 'distribution'
    SOLUTION = 'solution'


class DayPart(StrEnum):
    """A quarter of a person's day, from midnight on."""

    NIGHT = 'night'
    MORNING = 'morning'
    AFTERNOON = 'afternoon'
    EVENING = 'evening'


class SchoolFigure(StrEnum):
    """A figure of the whole school, or of one of its courses among the others, that is told with noise."""

    ACTIVE_PEOPLE = 'active_people'
    """on one day"""
    ACTIVE_PER_MONTH = 'active_per_month'
    """in four weeks"""
    SESSIONS = 'sessions'
    """in one week"""
    SESSION_MINUTES = 'session_minutes'
    """in one week"""
    ENROLLED = 'enrolled'
    COMPLETED = 'completed'
    DAYS_TO_COMPLETION = 'days_to_completion'
    NOTICES = 'notices'
    """that came into inboxes in one week"""
    NOTICES_READ = 'notices_read'
    """those of them that were read in it"""
    NOTICES_MAILED = 'notices_mailed'
    """that went out by mail in one week"""
    STREAKS = 'streaks'
    """people who learned in the week before"""
    STREAKS_KEPT = 'streaks_kept'
    """those of them who learned in this week, too"""
    BADGES = 'badges'
    """that were earned in one week"""


class NameDisplay(StrEnum):
    """Which names the projector is sent."""

    ALIAS = 'alias'
    INITIALS = 'initials'
    FIRST_NAME = 'first_name'
    FULL = 'full'


class RiskBand(StrEnum):
    """How likely it is that a learner does not complete a course, as the prediction says it; there is no finer one."""

    HIGH = 'high'
    MEDIUM = 'medium'
    LOW = 'low'


class RiskRemark(StrEnum):
    """What a person says of a prediction: the learner contests it, or somebody who teaches them dismisses it."""

    CONTESTED = 'contested'
    DISMISSED = 'dismissed'


class PointReason(StrEnum):
    """What a learner has done once: for most of it they earn points, and all of it can count for a badge."""

    STARTED = 'started'
    COMPLETED = 'completed'
    MASTERED = 'mastered'
    PERFECT = 'perfect'
    WEEKLY_GOAL = 'weekly_goal'
    DAY = 'day'
    HELPED = 'helped'
    COURSE_BEGUN = 'course_begun'
    COURSE_COMPLETED = 'course_completed'
    BADGE = 'badge'
    AWARDED = 'awarded'


class AchievementKind(StrEnum):
    """What a learner reaches once, and is congratulated on."""

    BADGE = 'badge'
    LEVEL = 'level'
    STREAK = 'streak'
    CERTIFICATE = 'certificate'


class BadgeIcon(StrEnum):
    """The pictures of badges: each has a shape of its own."""

    BOLT = 'bolt'
    FLAME = 'flame'
    CROWN = 'crown'
    CALENDAR = 'calendar'
    LIFEBELT = 'lifebelt'
    COMPASS = 'compass'
    STAR = 'star'
    LEAF = 'leaf'


class NoticeKind(StrEnum):
    """Of what somebody is notified."""

    MODULE_COMPLETED = 'module_completed'
    COURSE_COMPLETED = 'course_completed'
    MILESTONE = 'milestone'
    CERTIFICATE = 'certificate'
    GRADE = 'grade'
    HELP_ANSWERED = 'help_answered'
    HELP_ASKED = 'help_asked'
    DEADLINE = 'deadline'
    INACTIVITY = 'inactivity'
    LAGGING = 'lagging'
    ACHIEVEMENT = 'achievement'
    ADDRESS_REFUSED = 'address_refused'
    FILE_READY = 'file_ready'


class ExportTable(StrEnum):
    """What a teacher takes away of a course as a file."""

    LEARNERS = 'learners'
    DAYS = 'days'
    MONTHS = 'months'
    ACTIVITIES = 'activities'


class ExportForm(StrEnum):
    """As what kind of file it is taken away."""

    CSV = 'csv'
    XLSX = 'xlsx'
    JSON = 'json'
    PDF = 'pdf'


class Channel(StrEnum):
    """How a notice reaches somebody."""

    IN_APP = 'in_app'
    E_MAIL = 'e_mail'
    PUSH = 'push'


class Rhythm(StrEnum):
    """How often notices go out to somebody who is not looking at them in the app."""

    AT_ONCE = 'at_once'
    DAILY = 'daily'
    WEEKLY = 'weekly'


class PushState(StrEnum):
    """How far a notice is on its way to the devices of somebody; one that was sent has no row."""

    WAITING = 'waiting'
    SENDING = 'sending'
    FAILED = 'failed'


class ReportKind(StrEnum):
    """What a report about a learner is about: how far they are, what their work is worth, or all of it. Source: s2"""

    PROGRESS = 'progress'
    GRADE = 'grade'
    COMPREHENSIVE = 'comprehensive'


class ReportDetail(StrEnum):
    """How much a report says. Source: s2"""

    SUMMARY = 'summary'
    DETAILED = 'detailed'
    COMPREHENSIVE = 'comprehensive'


class ReportReader(StrEnum):
    """Who reads a report, or is to do something that it says. Source: s2"""

    STUDENT = 'student'
    PARENT = 'parent'
    TEACHER = 'teacher'
    ADMINISTRATOR = 'administrator'


class ActionPriority(StrEnum):
    """How much something that is to be done matters. Source: s2"""

    HIGH = 'high'
    MEDIUM = 'medium'
    LOW = 'low'


class RollMark(StrEnum):
    """What those who teach say of a learner in one class; it goes before what was seen of the learner's device."""

    PRESENT = 'present'
    LATE = 'late'
    """there, but not from the beginning"""
    EXCUSED = 'excused'
    """not there, with a reason that counts: the class is left out of the learner's rate"""
    ABSENT = 'absent'
