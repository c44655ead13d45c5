"""The closed lists of words that tables and screens share; screens know tables only through services."""

from models import TRAITS, CheckpointKind, DeviceKind, MailKind, MailSecurity, Mode, NameDisplay, Role, Scope, Verb

__all__ = [
    'TRAITS',
    'CheckpointKind',
    'DeviceKind',
    'MailKind',
    'MailSecurity',
    'Mode',
    'NameDisplay',
    'Role',
    'Scope',
    'Verb',
]
