"""A certificate as Open Badge 3.0: a verifiable credential, signed, that any wallet can keep and anybody can check.

Who it is for is told by the name that is printed, and by the salted hash of their e-mail address, as the
specification asks; the address itself is nowhere. What was revoked or replaced is in a signed list of bits,
which names nobody.
"""

import base64
import gzip
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlmodel import col

from models import Certificate
from services.certificates import keys
from services.certificates.lookup import Shown
from services.certificates.pdf import Sheet, page_of
from services.certificates.validity import VALID
from services.core import school
from services.core.errors import NotFound
from services.core.server_address import standing_address
from services.core.transaction import Transaction

CONTEXT = 'https://www.w3.org/ns/credentials/v2'
BADGE_CONTEXT = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
IN_ONE_LIST = 131_072
"""How many certificates share a list of bits; with fewer, a list would tell more about each."""
LIST_HOLDS_FOR = timedelta(days=1)


def signed(shown: Shown) -> str:
    """Return a valid certificate as signed credential (VC-JWT). Takes some milliseconds of computing."""
    assert shown.sheet is not None
    return _sign(_credential(shown, shown.sheet), shown.issued_at)


def issuer() -> dict[str, object]:
    """Return who issues: the school, with its name and address."""
    return {
        'id': f'{standing_address()}/certificates/issuer',
        'type': ['Profile'],
        'name': school.current().name,
        'url': standing_address(),
    }


def key_set() -> dict[str, list[dict[str, object]]]:
    """Return the keys with which what the school has issued can be checked."""
    return {'keys': keys.public_keys()}


def not_valid(tx: Transaction, number: int) -> list[int]:
    """Return the places in a list of bits whose certificates do not hold."""
    first = number * IN_ONE_LIST
    if first > (tx.execute(select(func.max(col(Certificate.id)))).scalar() or 0):
        raise NotFound('There is no such list.')
    inside = col(Certificate.id) >= first, col(Certificate.id) < first + IN_ONE_LIST
    return [id_ - first for id_ in tx.execute(select(col(Certificate.id)).where(*inside, ~VALID)).scalars()]


def signed_list(number: int, places: Sequence[int], now: datetime) -> str:
    """Return the list of bits that tells which certificates do not hold, signed (Bitstring Status List)."""
    bits = bytearray(IN_ONE_LIST // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip('=')
    address = _list_address(number)
    return _sign(
        {
            '@context': [CONTEXT],
            'id': address,
            'type': ['VerifiableCredential', 'BitstringStatusListCredential'],
            'issuer': issuer()['id'],
            'validFrom': _moment(now),
            'validUntil': _moment(now + LIST_HOLDS_FOR),
            'credentialSubject': {
                'id': f'{address}#list',
                'type': 'BitstringStatusList',
                'statusPurpose': 'revocation',
                'encodedList': f'u{packed}',
            },
        },
        now,
    )


def _credential(shown: Shown, sheet: Sheet) -> dict[str, object]:
    number, place = divmod(sheet.certificate_id, IN_ONE_LIST)
    return {
        '@context': [CONTEXT, BADGE_CONTEXT],
        'id': page_of(shown.serial),
        'type': ['VerifiableCredential', 'OpenBadgeCredential'],
        'name': sheet.course_title,
        'issuer': issuer(),
        'validFrom': _moment(shown.issued_at),
        'awardedDate': _moment(sheet.completed_at),
        'credentialSubject': {
            'type': ['AchievementSubject'],
            'identifier': _identifiers(shown, sheet),
            'achievement': {
                'id': f'{issuer()["id"]}#course-{shown.course_id}',
                'type': ['Achievement'],
                'achievementType': 'Course',
                'name': sheet.course_title,
                'description': f'Completed the course “{sheet.course_title}”.',
                'criteria': {'narrative': 'Every step of the course was completed.'},
            },
        },
        'credentialStatus': {
            'id': f'{_list_address(number)}#{place}',
            'type': 'BitstringStatusListEntry',
            'statusPurpose': 'revocation',
            'statusListIndex': str(place),
            'statusListCredential': _list_address(number),
        },
    }


def _identifiers(shown: Shown, sheet: Sheet) -> list[dict[str, object]]:
    name = {'type': 'IdentityObject', 'hashed': False, 'identityHash': sheet.name, 'identityType': 'name'}
    if shown.email is None:
        return [name]
    hashed = sha256(f'{shown.email}{shown.serial}'.encode()).hexdigest()
    email = {'type': 'IdentityObject', 'hashed': True, 'identityHash': f'sha256${hashed}', 'salt': shown.serial}
    return [name, {**email, 'identityType': 'emailAddress'}]


def _sign(credential: dict[str, object], since: datetime) -> str:
    claims = {'iss': issuer()['id'], 'jti': credential['id'], 'nbf': int(since.timestamp())}
    return keys.sign({**credential, **claims}, key_address=f'{standing_address()}/certificates/keys')


def _list_address(number: int) -> str:
    return f'{standing_address()}/certificates/status/{number}'


def _moment(moment: datetime) -> str:
    return f'{moment:%Y-%m-%dT%H:%M:%SZ}'
