"""The closed lists of words that tables and screens share; screens know tables only through services."""

from models import (
    TRAITS,
    AttemptState,
    Change,
    CheckpointKind,
    DeviceClass,
    DeviceKind,
    FileKind,
    MailKind,
    MailSecurity,
    Mode,
    NameDisplay,
    Reveal,
    Role,
    Scope,
    SubmissionState,
    Verb,
)

__all__ = [
    'TRAITS',
    'AttemptState',
    'Change',
    'CheckpointKind',
    'DeviceClass',
    'DeviceKind',
    'FileKind',
    'MailKind',
    'MailSecurity',
    'Mode',
    'NameDisplay',
    'Reveal',
    'Role',
    'Scope',
    'SubmissionState',
    'Verb',
]
