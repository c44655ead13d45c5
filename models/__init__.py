"""Tables and the states a row can be in. No behaviour lives here.

Ids are given by the database: on a new row they are None until it is flushed.
"""

from sqlalchemy import Table
from sqlmodel import SQLModel

from models.accounts import IdempotentRequest, Invitation, PasswordReset, SignIn, Throttle, User
from models.activity import Activity, ArchivedMonth, ArchivedPart, CommitNumber, ModuleCompletion, Progress
from models.analytics import (
    BandChange,
    CountedCompletion,
    DailyTotal,
    DashboardChoice,
    FollowerState,
    Prediction,
    PredictionModel,
    PredictionRefusal,
    PredictionRun,
    ReleasedFigure,
    RiskAnswer,
)
from models.assignments import Assignment, AssignmentExtension, Submission, SubmissionFile
from models.attempts import Attempt, AttemptAnswer
from models.certificates import Certificate
from models.content import ContentPosition, Upload
from models.courses import Checkpoint, Course, CourseGroup, CourseInstructor, Enrollment, Module
from models.deadlines import CalendarEntry
from models.enums import (
    AchievementKind,
    ActionPriority,
    Agreement,
    AttemptState,
    BadgeIcon,
    Change,
    Channel,
    CheckpointKind,
    DayPart,
    DeviceClass,
    DeviceKind,
    ExportForm,
    ExportTable,
    FileKind,
    LiveQuestionState,
    MailKind,
    MailSecurity,
    MailState,
    Mode,
    NameDisplay,
    NoticeKind,
    PointReason,
    PushState,
    ReportDetail,
    ReportKind,
    ReportReader,
    Reveal,
    Rhythm,
    RiskBand,
    RiskRemark,
    Role,
    RollMark,
    SchoolFigure,
    Scope,
    SubmissionState,
    Verb,
)
from models.exports import CourseExport
from models.federation import FederatedIdentity, FederatedSignIn
from models.goals import ClosedWeek, Goal, GoalMilestone
from models.grades import GradeCategory, GradedItem, GradeOverride, Grading
from models.jobs import Job
from models.lists import ColumnMap
from models.live import Attendance, AttendanceMark, HelpRequest, LiveSession
from models.live_questions import LiveAnswer, LiveQuestion
from models.lms import (
    LtiIdentity,
    LtiLink,
    LtiLogin,
    LtiMember,
    LtiMilestone,
    LtiPlace,
    LtiPlatform,
    LtiReading,
    LtiRegistration,
    LtiResult,
    LtiScore,
)
from models.mail import Mail, RefusedAddress
from models.mastery import Mastery, Skill, SkillEstimate
from models.motivation import (
    Achievement,
    LeaderboardPlace,
    LearningDay,
    MadeBadge,
    MomentMark,
    PointEntry,
    PointTotal,
    StreakPause,
)
from models.notes import Note
from models.notices import Notice, NoticeChoice, NoticePush, NoticeSettings
from models.parents import ParentBlock, ParentCode, ParentLink, ParentLook, ParentSummary
from models.personal import Erase, Export, Until, declare_files, kept
from models.privacy import LegalHold, Look
from models.questions import Question, QuestionPicture, QuestionVersion
from models.quizzes import Quiz, QuizException, QuizPart
from models.record_stores import HeldStatement, RecordStore
from models.reports import (
    KeptFigure,
    KeptReport,
    ReportAction,
    ReportBundle,
    ReportLink,
    ReportOpening,
    ReportRemark,
)
from models.rosters import RosterClass, RosterPerson, RosterPlace, RosterRole
from models.school import SchoolSettings
from models.second_factors import RecoveryCode, SecondFactor
from models.study import LearningSession, StudyTime
from models.verbs import TRAITS, Audience, Done, Status, Tapped, Traits, verbs_where

metadata = SQLModel.metadata


def table(model: type[SQLModel]) -> Table:
    """Return the bare table of a model, for statements on the path of a tap: a fifth of the cost."""
    return metadata.tables[str(model.__tablename__)]


declare_files(
    'waymark.db',
    kept(
        '*',
        'the database itself, on SQLite',
        'see the tables above',
        on_export=Export.AS_TABLES,
        on_erase=Erase.AS_TABLES,
    ),
)
declare_files(
    'backups',
    kept(
        '*',
        'copies of the database',
        'so that nothing is lost',
        until=Until('the school deletes them'),
        on_export=Export.AS_TABLES,
        on_erase=Erase.AFTER_RESTORE,
    ),
)
declare_files('secret_key', because='It is the key with which links and tokens are signed.')
declare_files('set_up_link', because='It is the way in for the first admin, and is deleted when there is one.')


__all__ = [
    'TRAITS',
    'Achievement',
    'AchievementKind',
    'ActionPriority',
    'Activity',
    'Agreement',
    'ArchivedMonth',
    'ArchivedPart',
    'Assignment',
    'AssignmentExtension',
    'Attempt',
    'AttemptAnswer',
    'AttemptState',
    'Attendance',
    'AttendanceMark',
    'Audience',
    'BadgeIcon',
    'BandChange',
    'CalendarEntry',
    'Certificate',
    'Change',
    'Channel',
    'Checkpoint',
    'CheckpointKind',
    'ClosedWeek',
    'ColumnMap',
    'CommitNumber',
    'ContentPosition',
    'CountedCompletion',
    'Course',
    'CourseExport',
    'CourseGroup',
    'CourseInstructor',
    'DailyTotal',
    'DashboardChoice',
    'DayPart',
    'DeviceClass',
    'DeviceKind',
    'Done',
    'Enrollment',
    'ExportForm',
    'ExportTable',
    'FederatedIdentity',
    'FederatedSignIn',
    'FileKind',
    'FollowerState',
    'Goal',
    'GoalMilestone',
    'GradeCategory',
    'GradeOverride',
    'GradedItem',
    'Grading',
    'HeldStatement',
    'HelpRequest',
    'IdempotentRequest',
    'Invitation',
    'Job',
    'KeptFigure',
    'KeptReport',
    'LeaderboardPlace',
    'LearningDay',
    'LearningSession',
    'LegalHold',
    'LiveAnswer',
    'LiveQuestion',
    'LiveQuestionState',
    'LiveSession',
    'Look',
    'LtiIdentity',
    'LtiLink',
    'LtiLogin',
    'LtiMember',
    'LtiMilestone',
    'LtiPlace',
    'LtiPlatform',
    'LtiReading',
    'LtiRegistration',
    'LtiResult',
    'LtiScore',
    'MadeBadge',
    'Mail',
    'MailKind',
    'MailSecurity',
    'MailState',
    'Mastery',
    'Mode',
    'Module',
    'ModuleCompletion',
    'MomentMark',
    'NameDisplay',
    'Note',
    'Notice',
    'NoticeChoice',
    'NoticeKind',
    'NoticePush',
    'NoticeSettings',
    'ParentBlock',
    'ParentCode',
    'ParentLink',
    'ParentLook',
    'ParentSummary',
    'PasswordReset',
    'PointEntry',
    'PointReason',
    'PointTotal',
    'Prediction',
    'PredictionModel',
    'PredictionRefusal',
    'PredictionRun',
    'Progress',
    'PushState',
    'Question',
    'QuestionPicture',
    'QuestionVersion',
    'Quiz',
    'QuizException',
    'QuizPart',
    'RecordStore',
    'RecoveryCode',
    'RefusedAddress',
    'ReleasedFigure',
    'ReportAction',
    'ReportBundle',
    'ReportDetail',
    'ReportKind',
    'ReportLink',
    'ReportOpening',
    'ReportReader',
    'ReportRemark',
    'Reveal',
    'Rhythm',
    'RiskAnswer',
    'RiskBand',
    'RiskRemark',
    'Role',
    'RollMark',
    'RosterClass',
    'RosterPerson',
    'RosterPlace',
    'RosterRole',
    'SchoolFigure',
    'SchoolSettings',
    'Scope',
    'SecondFactor',
    'SignIn',
    'Skill',
    'SkillEstimate',
    'Status',
    'StreakPause',
    'StudyTime',
    'Submission',
    'SubmissionFile',
    'SubmissionState',
    'Tapped',
    'Throttle',
    'Traits',
    'Upload',
    'User',
    'Verb',
    'metadata',
    'table',
    'verbs_where',
]
