"""Reports about learners: what staff write for them, reports that were kept, links to them, and who opened them."""

from datetime import date, datetime

from sqlmodel import Field, Index, SQLModel

from models.columns import UtcDateTime, words
from models.enums import ActionPriority, ReportDetail, ReportKind, ReportReader
from models.personal import Erase, Export, Until, declare, declare_files, kept


class ReportRemark(SQLModel, table=True):
    """What those who teach a course write for the reports about one learner of it: one row, changed in place.

    Reports that were kept hold the words as they were.
    """

    __tablename__ = 'report_remarks'

    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT', primary_key=True, index=True)
    comment: str = Field(default='', max_length=10_000)
    behavior: int | None = None
    """0 to 100"""
    effort: int | None = None
    """0 to 100"""
    credit_tenths: int | None = None
    """tenths of a credit hour"""
    behavioral: str = Field(default='', max_length=2_000)
    """suggestions, one on a line"""
    enrichment: str = Field(default='', max_length=2_000)
    """what goes beyond the course, one on a line"""
    support: str = Field(default='', max_length=2_000)
    """support services, one on a line"""
    for_parents: str = Field(default='', max_length=2_000)
    """what parents can do, one on a line"""
    shows_learner: bool = True
    shows_parents: bool = True
    written_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    written_at: datetime = Field(sa_type=UtcDateTime)


declare(
    ReportRemark,
    kept(
        'comment behavioral enrichment support for_parents',
        'what teachers write for reports about the person',
        'so that a report says more than figures do',
        on_erase=Erase.DELETE,
    ),
    kept(
        'course_id behavior effort credit_tenths shows_learner shows_parents written_at',
        'behavior, effort and credit hours as teachers see them',
        'so that a report says more than figures do',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    others='written_by',
)


class ReportAction(SQLModel, table=True):
    """Something that somebody is to do for a learner: open, or done (`done_at`)."""

    __tablename__ = 'report_actions'
    __table_args__ = (Index('ix_report_actions_learner', 'user_id', 'course_id'), {'sqlite_autoincrement': True})

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    priority: ActionPriority = Field(sa_type=words(ActionPriority))
    description: str = Field(max_length=500)
    due_on: date | None = None
    assigned_to: ReportReader = Field(sa_type=words(ReportReader))
    made_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    made_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    ReportAction,
    kept(
        'course_id priority description due_on assigned_to made_at done_at',
        'what was agreed that somebody does for the person',
        'so that a report says what comes next',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    others='made_by',
    plain='id',
)


class KeptReport(SQLModel, table=True):
    """A report as it was when somebody kept it, to hand it out; what is in it, all its readers may see."""

    __tablename__ = 'kept_reports'
    __table_args__ = (Index('ix_kept_reports_learner', 'user_id', 'id'), {'sqlite_autoincrement': True})

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    kind: ReportKind = Field(sa_type=words(ReportKind))
    detail: ReportDetail = Field(sa_type=words(ReportDetail))
    shows_learner: bool
    shows_parents: bool
    made_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    made_at: datetime = Field(sa_type=UtcDateTime)
    document: str
    """all of it as JSON, in no language"""


declare(
    KeptReport,
    kept(
        'kind detail shows_learner shows_parents made_at document',
        'reports about the person as they were handed out',
        'so that everybody speaks of the same report, and the next one says what has changed',
        on_erase=Erase.DELETE,
    ),
    whose='user_id',
    others='made_by',
    plain='id',
)


class KeptFigure(SQLModel, table=True):
    """How a learner stood in one course when a report was kept: what the next one is compared with."""

    __tablename__ = 'kept_figures'

    report_id: int = Field(foreign_key='kept_reports.id', ondelete='CASCADE', primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', primary_key=True, index=True)
    percent: int
    done: int
    total_tenths: int | None = None
    """of the grade in percent"""


declare(
    KeptFigure,
    kept(
        'course_id percent done total_tenths',
        'how the person stood at a report',
        'so that the next report says what has changed',
        on_erase=Erase.DELETE,
    ),
    whose='report_id',
)


class ReportLink(SQLModel, table=True):
    """A link with which a kept report can be read without an account: open, expired (`expires_at`) or revoked."""

    __tablename__ = 'report_links'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key='kept_reports.id', ondelete='CASCADE', index=True)
    token_hash: str = Field(max_length=64, unique=True)
    made_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    ReportLink,
    kept('token_hash', 'the hash of a link', 'to check it', on_export=Export.LEAVE_OUT, on_erase=Erase.DELETE),
    kept(
        'made_at expires_at revoked_at',
        'which links lead to reports about the person',
        'so that each of them can be revoked',
        on_erase=Erase.DELETE,
    ),
    whose='report_id',
    others='made_by',
    plain='id',
)


class ReportOpening(SQLModel, table=True):
    """That somebody opened a kept report: a person with an account, or somebody with a link (`link_id`)."""

    __tablename__ = 'report_openings'

    id: int = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key='kept_reports.id', ondelete='CASCADE', index=True)
    link_id: int | None = Field(default=None, foreign_key='report_links.id', ondelete='CASCADE')
    opened_by: int | None = Field(default=None, foreign_key='users.id', ondelete='RESTRICT', index=True)
    role: ReportReader | None = Field(default=None, sa_type=words(ReportReader))
    """None with a link: anybody may hold it"""
    opened_at: datetime = Field(sa_type=UtcDateTime)


declare(
    ReportOpening,
    kept(
        'link_id role opened_at',
        'who opened a report about the person, and when',
        'so that the person sees it',
        on_erase=Erase.DELETE,
    ),
    whose='report_id',
    others='opened_by',
    plain='id',
)


class ReportBundle(SQLModel, table=True):
    """The reports of a class in one ZIP: being made or ready (`ended_at`); deleted a week after it is ready.

    `problem` says why they are not made yet or, once the ZIP is ready, that some are not in it.
    """

    __tablename__ = 'report_bundles'
    __table_args__ = {'sqlite_autoincrement': True}

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT', index=True)
    made_by: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    made_at: datetime = Field(sa_type=UtcDateTime)
    group_name: str = Field(default='', max_length=60)
    """empty for everybody"""
    kind: ReportKind = Field(sa_type=words(ReportKind))
    detail: ReportDetail = Field(sa_type=words(ReportDetail))
    has_graphs: bool = True
    since: date
    until: date
    language: str = Field(default='', max_length=12)
    last_user_id: int = 0
    """up to whom reports are made; they are made in the order of the ids"""
    made: int = 0
    total: int
    problem: str = Field(default='', max_length=280)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    ReportBundle,
    others='made_by',
    plain='id course_id made_at group_name kind detail has_graphs since until language last_user_id made total '
    'problem ended_at',
    because='It says which reports a teacher asked for, and how many of them are made.',
)
declare_files(
    'reports',
    kept(
        '*',
        'the reports of a class in one ZIP',
        'so that a teacher can hand them out',
        until=Until('a week after they are made'),
        on_export=Export.LEAVE_OUT,
        on_erase=Erase.DELETE,
    ),
)
