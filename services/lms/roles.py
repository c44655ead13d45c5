"""What somebody is in a course of a platform: launches name roles by addresses, class lists by short names."""

from collections.abc import Iterable
from enum import StrEnum

_OF_COURSE = (
    'http://purl.imsglobal.org/vocab/lis/v2/membership',
    'https://purl.imsglobal.org/vocab/lis/v2/membership',
    'urn:lti:role:ims/lis/',
)
"""how names of roles in a course begin, also as they were before LTI 1.3"""


class Part(StrEnum):
    """What a person does in a course there; rights over Waymark itself never come from a platform."""

    TEACHES = 'teaches'
    LEARNS = 'learns'
    LOOKS_ON = 'looks_on'


def part_of(roles: Iterable[object]) -> Part:
    """Return what somebody does in the course of a launch: the role in the course decides, then that in the school.

    Who has none of the roles below learns: it is the part with the fewest rights.
    """
    known = [each for each in roles if isinstance(each, str)]
    in_course = {_short(each) for each in known if _is_of_course(each)}
    if in_course & _TEACHING:
        return Part.TEACHES
    if in_course & _LEARNING:
        return Part.LEARNS
    if in_course & _LOOKING_ON:
        return Part.LOOKS_ON
    return Part.TEACHES if not in_course and {_short(each) for each in known} & _OFFICE else Part.LEARNS


def _is_of_course(role: str) -> bool:
    return role.startswith(_OF_COURSE) or ':' not in role


def _short(role: str) -> str:
    """Return the name of a role: `…/membership#Instructor` and `…/membership/Instructor#TeachingAssistant` alike."""
    return role.rpartition('#')[2].rpartition('/')[2]


_TEACHING = {
    'Instructor',
    'TeachingAssistant',
    'ContentDeveloper',
    'Administrator',
    'GuestInstructor',
    'Lecturer',
    'PrimaryInstructor',
    'SecondaryInstructor',
    'Grader',
}
_LEARNING = {'Learner', 'Student', 'GuestLearner', 'NonCreditLearner', 'ExternalLearner', 'Member'}
_LOOKING_ON = {'Mentor', 'Observer', 'Advisor', 'Auditor', 'Reviewer', 'Tutor'}
_OFFICE = {'Administrator', 'SysAdmin', 'Instructor', 'Faculty', 'Staff'}
