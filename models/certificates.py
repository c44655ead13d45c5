"""Certificates, issued once for each completion."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, Index, SQLModel

from models.columns import UtcDateTime
from models.personal import Basis, Erase, declare, declare_files, kept

_VALID = text('revoked_at IS NULL AND replaced_by_id IS NULL')
_DUE = text('rendered_at IS NULL AND revoked_at IS NULL AND replaced_by_id IS NULL')


class Certificate(SQLModel, table=True):
    """That somebody has completed a course: valid, or replaced by a newer one, or revoked.

    The row is made in the completing transaction. Its PDF is rendered afterwards (`rendered_at`), and tried again
    (`attempts`, `problem`, `next_try_at`) until it works.
    """

    __tablename__ = 'certificates'
    __table_args__ = (
        Index(
            'ux_certificates_valid',
            'course_id',
            'user_id',
            unique=True,
            sqlite_where=_VALID,
            postgresql_where=_VALID,
        ),
        Index('ix_certificates_user', 'user_id'),
        Index('ix_certificates_due', 'next_try_at', sqlite_where=_DUE, postgresql_where=_DUE),
    )

    id: int = Field(default=None, primary_key=True)
    serial: str = Field(max_length=24, unique=True)
    """for people to read and to type; nobody can guess one"""
    course_id: int = Field(foreign_key='courses.id', ondelete='RESTRICT')
    user_id: int = Field(foreign_key='users.id', ondelete='RESTRICT')
    name: str = Field(max_length=80)
    """of the learner, as it is printed"""
    course_title: str = Field(max_length=120)
    completed_at: datetime = Field(sa_type=UtcDateTime)
    issued_at: datetime = Field(sa_type=UtcDateTime)
    issued_by: int | None = Field(default=None, foreign_key='users.id', ondelete='SET NULL')
    """who had it issued again; None for the one that came by itself"""
    replaced_by_id: int | None = Field(default=None, foreign_key='certificates.id', ondelete='SET NULL')
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_by: int | None = Field(default=None, foreign_key='users.id', ondelete='SET NULL')
    """None where what it stood on went away by itself: the work of a guest who is somebody else after all"""
    rendered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    problem: str = Field(default='', max_length=280)
    next_try_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


declare(
    Certificate,
    kept(
        'name',
        'the name as it is printed',
        'so that others can check whose certificate it is',
        on_erase=Erase.REPLACE,
    ),
    kept(
        'serial course_id course_title completed_at issued_at replaced_by_id revoked_at',
        'that the person completed a course',
        'so that the certificate can be checked',
        Basis.DUTY,
    ),
    whose='user_id',
    others='issued_by revoked_by',
    plain='id rendered_at attempts problem next_try_at',
)
declare_files(
    'certificates',
    kept(
        '*.pdf',
        'certificates as they are printed, with the name',
        'so that the person can download theirs',
        on_erase=Erase.DELETE,
    ),
    named_by='certificates.serial',
)
declare_files('certificates_key.pem', because='It is the key with which certificates are signed.')
declare_files('certificates_keys_before.pem', because='It has the keys with which certificates were signed before.')
