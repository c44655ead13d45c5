"""The closed lists of words that tables and screens share; screens know tables only through services."""

from models import TRAITS, CheckpointKind, DeviceKind, Mode, NameDisplay, Role, Scope, Verb

__all__ = ['TRAITS', 'CheckpointKind', 'DeviceKind', 'Mode', 'NameDisplay', 'Role', 'Scope', 'Verb']
