"""`/api/auth`: accounts, tokens, and the devices that hold them."""

from typing import Annotated

from fastapi import Header, Request
from pydantic import Field

from api.auth import Person, address_of
from api.idempotency import Once
from api.subject import Subject
from api.types import Body, Id
from services.accounts import addresses, credentials, guessing, profiles, registration, resets, sign_ins, tokens
from services.accounts.guessing import Origin
from services.accounts.profiles import Profile
from services.accounts.registration import NewAccount
from services.accounts.sign_ins import Device
from services.accounts.tokens import ServiceToken, Tokens
from services.core import database
from services.core.transaction import Transaction
from services.enums import Agreement, Role, Scope
from services.mail import delivery
from services.people import joining

router = Subject(prefix='/auth', tags=['auth'])

DeviceName = Annotated[
    str, Header(alias='user-agent', include_in_schema=False, description='what the device is listed as')
]


class NewAccountBody(Body):
    """Somebody new."""

    name: str = Field(max_length=200, examples=['Amina Diallo'])
    email: str = Field(max_length=254, examples=['amina@example.org'])
    password: str = Field(max_length=1000, examples=['correct horse battery staple'])
    role: Role = Role.STUDENT
    code: str = Field(
        default='',
        max_length=40,
        description='a class code, where students need one; of a parent, the code for parents',
    )
    invitation: str = Field(default='', max_length=200, description='of a link that the school sent; decides the role')
    agreement: Agreement | None = Field(
        default=None,
        description='of a student, where AGE_OF_CONSENT is set: `self` from that age on, or `parents`, who have agreed',
    )


class Credentials(Body):
    """How one signs in."""

    email: str = Field(max_length=254, examples=['amina@example.org'])
    password: str = Field(max_length=1000, examples=['correct horse battery staple'])
    code: str = Field(
        default='',
        max_length=40,
        description='for accounts with a second factor: a code of the authenticator app, or a recovery code',
    )


class Refresh(Body):
    """A refresh token, which is good once."""

    refresh_token: str = Field(max_length=2000)


class ProfileBody(Body):
    """What somebody changes of their own profile."""

    name: str = Field(max_length=200, examples=['Amina Diallo'])
    time_zone: str = Field(
        default='',
        max_length=64,
        examples=['Europe/Berlin'],
        description='an IANA name; empty for the zone of the school',
    )
    language: str = Field(
        default='', max_length=16, examples=['en'], description='a code; empty for what the browser asks for'
    )


class NewEmail(Body):
    """Another address to sign in with."""

    email: str = Field(max_length=254, examples=['amina@example.org'])
    current_password: str = Field(max_length=1000, examples=['correct horse battery staple'])


class NewPassword(Body):
    """Another password."""

    current_password: str = Field(max_length=1000, examples=['correct horse battery staple'])
    new_password: str = Field(max_length=1000, examples=['an even better battery staple'])
    sign_out_others: bool = Field(default=False, description='whether all other devices are signed out')


class Forgotten(Body):
    """Somebody who has forgotten their password."""

    email: str = Field(max_length=254, examples=['amina@example.org'])


class NewPasswordByLink(Body):
    """Another password, by a link that was mailed or made by an admin."""

    link: str = Field(max_length=200, examples=['WzIzLCI5ZjNj…'], description='what the address of the link ends with')
    new_password: str = Field(max_length=1000, examples=['an even better battery staple'])


class Confirmation(Body):
    """A link that was mailed to the address of an account."""

    link: str = Field(max_length=300, examples=['WzIzLCI5ZjNj…'], description='what the address of the link ends with')


class Leaving(Body):
    """Where to sign out."""

    everywhere: bool = False


class Guest(Body):
    """Somebody who joins a class without an account."""

    code: str = Field(max_length=40, examples=['K7M2PX'])
    name: str = Field(max_length=200, examples=['Lena Brandt'])


class Returning(Body):
    """A guest who comes back."""

    code: str = Field(max_length=40, examples=['F4T7WQHM'], description='their own, not the one of the class')


class NewService(Body):
    """A service of the school that acts for learners."""

    name: str = Field(max_length=200, examples=['Exercise checker'])
    scope: Scope


@router.post('/register', status_code=201)
async def register(new: NewAccountBody, once: Once, request: Request, device: DeviceName = '') -> Tokens:
    """Register an account and sign in with it."""
    address = address_of(request)
    checked = await registration.check(NewAccount(**new.model_dump()), address=address)
    codes = guessing.parent_codes if new.role is Role.PARENT else guessing.class_codes
    with codes.counted(Origin(address=address)):
        user_id = await once.write(int, registration.create, checked)
    delivery.hurry()
    return tokens.arrived(await database.write(tokens.register, user_id, _named(device)))


@router.post('/login')
async def login(credentials: Credentials, request: Request, device: DeviceName = '') -> Tokens:
    """Sign in with an account; with its password and a `code` where it has a second factor."""
    return await tokens.sign_in(
        email=credentials.email,
        password=credentials.password,
        device=_named(device),
        address=address_of(request),
        code=credentials.code,
    )


@router.post('/join', status_code=201)
async def join(guest: Guest, once: Once, request: Request, device: DeviceName = '') -> Tokens:
    """Join a class with its code and a name, without an account."""

    def admit(tx: Transaction) -> int:
        return joining.admit(tx, code=guest.code, name=guest.name)[1]

    origin = Origin(address=address_of(request))
    with guessing.class_codes.counted(origin), joining.arriving(origin, code=guest.code):
        guest_id = await once.write(int, admit)
    return await database.write(tokens.enter, guest_id, _named(device))


@router.post('/rejoin')
async def rejoin(guest: Returning, request: Request, device: DeviceName = '') -> Tokens:
    """Come back as a guest, with the code that they got when they joined, or that a class list gave them."""
    address = address_of(request)

    def enter(tx: Transaction) -> Tokens:
        return tokens.enter(tx, joining.recognise(tx, code=guest.code, address=address), _named(device))

    return await database.write(enter)


@router.post('/refresh')
async def refresh(body: Refresh) -> Tokens:
    """Get new tokens. A refresh token that was used before ends all tokens of its device."""
    return tokens.arrived(await database.write(tokens.rotate, body.refresh_token))


@router.post('/logout', status_code=204)
async def logout(actor: Person, body: Leaving | None = None) -> None:
    """Sign out here, or on all devices, browsers too."""
    if body and body.everywhere:
        await database.write(sign_ins.sign_out_everywhere, actor)
    else:
        await database.write(sign_ins.sign_out, actor)


@router.get('/me')
async def me(actor: Person) -> Profile:
    """Who one is here."""
    return await database.read(profiles.own, actor)


@router.put('/me')
async def edit_me(profile: ProfileBody, actor: Person) -> Profile:
    """Change your own name, time zone and language."""
    return await database.write(
        profiles.edit, actor, name=profile.name, time_zone=profile.time_zone, language=profile.language
    )


@router.put('/me/email', status_code=204)
async def change_email(new: NewEmail, actor: Person) -> None:
    """Change the address to sign in with, given the current password."""
    await credentials.change_email(actor, email=new.email, current_password=new.current_password)


@router.put('/me/password', status_code=204)
async def change_password(new: NewPassword, actor: Person) -> None:
    """Change the password, given the current one."""
    await credentials.change_password(
        actor,
        new_password=new.new_password,
        current_password=new.current_password,
        sign_out_others=new.sign_out_others,
    )


@router.post('/me/email/confirmation', status_code=204)
async def ask_for_confirmation(actor: Person) -> None:
    """Have a mail sent to your address with a link that confirms it; again, if mails to it came back."""
    await addresses.ask_again(actor)


@router.put('/me/email/confirmed', status_code=204)
async def confirm_email(confirmation: Confirmation, actor: Person) -> None:
    """Confirm your address with the link that was mailed to it."""
    await database.write(addresses.confirm, actor, link=confirmation.link)


@router.post('/password/forgotten', status_code=204)
async def forgotten_password(forgotten: Forgotten, request: Request) -> None:
    """Have a link for a new password mailed to the confirmed address of an account. The answer is always the same."""
    await resets.ask(email=forgotten.email, origin=Origin(address=address_of(request)))


@router.put('/password', status_code=204)
async def choose_password(chosen: NewPasswordByLink, request: Request) -> None:
    """Choose a new password with a link, which works once. All devices are signed out; sign in with `/auth/login`."""
    await resets.replace_password(chosen.link, chosen.new_password, address=address_of(request))


@router.get('/devices')
async def devices(actor: Person) -> list[Device]:
    """The devices on which one is signed in: browsers, clients and services."""
    return await database.read(sign_ins.devices, actor)


@router.delete('/devices/{sign_in_id}', status_code=204)
async def sign_out_device(sign_in_id: Id, actor: Person) -> None:
    """Sign one of your devices out."""
    await database.write(sign_ins.sign_out, actor, sign_in_id)


@router.post('/services', status_code=201)
async def add_service(service: NewService, actor: Person) -> ServiceToken:
    """Let a service act for learners within its scope; only who runs the school can. The token is shown once."""
    return await database.write(tokens.add_service, actor, name=service.name, scope=service.scope)


def _named(device: str) -> str:
    return ''.join(character for character in device if character.isprintable())[:80] or 'A program'
