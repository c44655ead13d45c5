"""The rules of Open Badges 3.0 for what a credential says, and how one that is a signed token is checked."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import jwt
from openbadgeslib.ob3 import OB3Verifier

BASE = 'https://www.w3.org/ns/credentials/v2'
CONTEXT = re.compile(r'https://purl\.imsglobal\.org/spec/ob/v3p0/context-3\.0\.\d+\.json')
BADGES = {'OpenBadgeCredential', 'AchievementCredential'}
ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
Credential = Mapping[str, Any]


def faults(said: Credential, now: datetime) -> list[str]:
    """Return what is wrong with a credential; nothing if it is valid. Signatures are not looked at."""
    return [*_envelope(said), *_dates(said, now), *_subject(said), *_proofs(said), *_status(said)]


def checked(token: str, keys: Callable[[str], Credential | None]) -> Credential:
    """Return what a token says; `keys` gives what the address of a key answers. Raises where it is not true."""
    published = keys(jwt.get_unverified_header(token)['kid'])
    assert published is not None, 'the key that the token names is published'
    key = jwt.PyJWK(dict(published)).key
    OB3Verifier(key).verify(token)
    said: Credential = jwt.decode(token, key, algorithms=['RS256'])
    assert said['iss'] == said['issuer']['id']
    assert said['jti'] == said['id']
    return said


def _envelope(said: Credential) -> Iterator[str]:
    contexts = said.get('@context', [])
    if contexts[:1] != [BASE] or not any(CONTEXT.fullmatch(each) for each in contexts[1:]):
        yield 'the contexts are not those of Open Badges 3.0'
    if 'VerifiableCredential' not in _types(said) or not _types(said) & {*BADGES, 'EndorsementCredential'}:
        yield 'it is no badge'
    if not str(said.get('id', '')) or not str(said.get('name', '')):
        yield 'it has no id, or no name'
    issuer = said.get('issuer', {})
    if not issuer.get('id') or 'Profile' not in _types(issuer):
        yield 'the issuer is no profile'


def _dates(said: Credential, now: datetime) -> Iterator[str]:
    if 'validFrom' not in said:
        yield 'it does not say from when on it is valid'
    elif _moment(said['validFrom']) > now:
        yield 'it is not valid yet'
    if 'validUntil' in said and _moment(said['validUntil']) <= now:
        yield 'it has expired'


def _subject(said: Credential) -> Iterator[str]:
    subject = said.get('credentialSubject', {})
    if 'EndorsementCredential' in _types(said):
        if 'EndorsementSubject' not in _types(subject) or not subject.get('id'):
            yield 'the subject is not what is endorsed'
        return
    if 'AchievementSubject' not in _types(subject):
        yield 'the subject is not the one of an achievement'
    if not subject.get('id') and not subject.get('identifier') and 'achievement' not in subject:
        yield 'nobody has achieved it'
    achieved = subject.get('achievement', {})
    if 'Achievement' not in _types(achieved):
        yield 'there is no achievement'
    yield from (f'the achievement has no {each}' for each in ('id', 'name', 'description', 'criteria')
                if not achieved.get(each))  # fmt: skip
    for each in subject.get('identifier', []):
        if each.get('type') != 'IdentityObject' or not isinstance(each.get('hashed'), bool):
            yield 'an identifier is no identity object'
        elif each['hashed'] and not str(each['identityHash']).startswith('sha256$'):
            yield 'a hash does not say how it was made'


def _proofs(said: Credential) -> Iterator[str]:
    proofs = said.get('proof', [])
    for proof in proofs if isinstance(proofs, list) else [proofs]:
        owner, _, key = proof.get('verificationMethod', '').partition('#')
        if proof.get('type') != 'DataIntegrityProof' or not proof.get('proofValue'):
            yield 'the proof is not a proof of integrity'
        if not owner.startswith('did:key:') and owner != said.get('issuer', {}).get('id'):
            yield 'the key is not the one of the issuer'
        if not _is_ed25519(key or owner.removeprefix('did:key:')):
            yield 'the proof names no key'


def _status(said: Credential) -> Iterator[str]:
    status = said.get('credentialStatus')
    if status is None or status.get('type') == '1EdTechRevocationList':
        return
    if status.get('type') != 'BitstringStatusListEntry' or status.get('statusPurpose') != 'revocation':
        yield 'the status is of an unknown kind'
    elif not str(status.get('statusListIndex', '')).isdecimal() or not status.get('statusListCredential'):
        yield 'the status leads nowhere'


def _types(said: Credential) -> set[str]:
    found = said.get('type', [])
    return {found} if isinstance(found, str) else set(found)


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _is_ed25519(multibase: str) -> bool:
    """Tell whether a key in base58 is one of Ed25519: two bytes that say so, and 32 of the key."""
    number = 0
    for letter in multibase.removeprefix('z'):
        number = number * 58 + ALPHABET.index(letter)
    made = number.to_bytes(-(-number.bit_length() // 8))
    return len(made) == 34 and made[:2] == b'\xed\x01'
