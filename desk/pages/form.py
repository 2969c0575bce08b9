"""The form that does the chat's job without chat or JavaScript: it opens cases and sends a code."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Request
from fastapi.datastructures import FormData
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.pages import proof, sight
from desk.pages.visit import Reader, Reading
from desk.security import RateLimit, new_token
from intake.identifiers import mask_national_ids
from intake.letters import mailable
from intake.opening import details, open_case, open_dossier
from intake.reading import read
from intake.records import Case, Conversation, Message
from law.rights import Right, card, cards
from operators.profile import Operator
from verification.identify import confirm

CHANNEL = "form"
LONGEST_WISH = 20_000  # characters
LARGEST = 512 * 1024  # bytes of the whole form

Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Given:
    """What the person filled in. `once` is the page's own mark: it sent twice with the same in it is one request."""

    rights: tuple[Right, ...] = ()
    email: str = ""
    wish: str = ""
    on_behalf: bool = False
    once: str = ""


def router() -> APIRouter:
    """`/o/{operator}/skjema`."""
    router = APIRouter()
    floods = RateLimit(20, timedelta(hours=1))

    @router.get("/o/{operator_id}/skjema")
    async def form(operator_id: str, reader: Reading, rett: str = "") -> Response:
        chosen = (Right(rett),) if rett in set(Right) else ()
        return _page(reader, reader.operator(operator_id), Given(chosen, once=new_token()), [])

    @router.post("/o/{operator_id}/skjema")
    async def send(operator_id: str, request: Request, reader: Reading) -> Response:
        operator = reader.operator(operator_id)
        if int(request.headers.get("content-length") or 0) > LARGEST:
            raise HTTPException(413)
        given = _given(await request.form(max_part_size=LARGEST))
        errors = _errors(reader, given)
        if errors:
            return _page(reader, operator, given, errors, status=422)
        if floods.wait(reader.caller, reader.now) is not None:
            raise HTTPException(429)
        try:
            secret = await _register(reader, operator, given)
        except IntegrityError:
            # the same page was sent twice at once: the other one opened the cases
            secret = await _register(reader, operator, given)
        reader.desk.wake()
        return RedirectResponse(f"/s/{secret}?lang={reader.lang}&m=registered", 303)

    return router


def _given(form: FormData) -> Given:
    named = {str(value) for value in form.getlist("rights")}
    return Given(
        rights=tuple(right for right in Right if right.value in named),
        email=str(form.get("email", "")).strip(),
        wish=str(form.get("wish", "")).replace("\x00", "").strip(),
        on_behalf=bool(form.get("on_behalf")),
        once=str(form.get("once", ""))[:64],
    )


def _errors(reader: Reader, given: Given) -> Errors:
    """What must be put right, by the field it concerns."""
    errors: Errors = []
    if not given.rights:
        errors.append(("rights-access", reader.say("form.error_right")))
    if not given.email:
        errors.append(("email", reader.say("form.error_no_email")))
    elif "@" not in given.email:
        errors.append(("email", reader.say("form.error_at")))
    elif not mailable(given.email):
        errors.append(("email", reader.say("form.error_email")))
    if len(given.wish) > LONGEST_WISH:
        errors.append(("wish", reader.say("form.error_long")))
    elif Right.RECTIFICATION in given.rights and not given.wish:
        errors.append(("wish", reader.say("form.error_wrong")))
    return errors


def _page(reader: Reader, operator: Operator, given: Given, errors: Errors, *, status: int = 200) -> Response:
    return reader.page(
        "pages/form.html",
        operator,
        status=status,
        given=given,
        errors=errors,
        once=given.once or new_token(),
        cards=cards(),
    )


async def _register(reader: Reader, operator: Operator, given: Given) -> str:
    """Open a case for each right, with one receipt time, and send the code; the first case's secret.

    All of it is one unit of work. What came before opens nothing: its first case is shown again.
    """
    desk, now = reader.desk, reader.now
    peer = desk.vault.lookup(f"peer.{CHANNEL}", _mark(given), operator=operator.id)
    async with desk.unit_of_work() as session:
        earlier = await _earlier(session, operator, peer)
        if earlier is not None:
            return str((await details(desk.vault, earlier))["secret"])
        wish, _hidden = mask_national_ids(given.wish)
        dossier = await open_dossier(session, operator.id, now)
        talk = Conversation(
            id=uuid4().hex,
            operator=operator.id,
            dossier_id=dossier.id,
            channel=CHANNEL,
            peer=peer,
            lang=reader.lang,
            created_at=now,
            last_at=now,
        )
        session.add(talk)
        await session.flush()
        _say(
            session, reader, talk, wish or ", ".join(card(right).name[reader.lang] for right in given.rights)
        )
        change = read(wish, channel="chat", operator=operator.id).rectification
        opened = [
            await open_case(
                session,
                desk.vault,
                operator,
                dossier_id=dossier.id,
                conversation_id=talk.id,
                right=right,
                channel=CHANNEL,
                lang=reader.lang,
                received_at=now,
                now=now,
                wish=wish,
                rectification=change if right is Right.RECTIFICATION else None,
                on_behalf=given.on_behalf,
                address=given.email,
                links=desk.links,
            )
            for right in given.rights
        ]
        await confirm(session, desk.vault, dossier.id, now)
        provable = [one.case for one in opened if sight.may_prove(one.case)]
        if provable and not given.on_behalf:
            await proof.ask(session, desk, operator, provable[0], given.email, reader.lang, now)
        return opened[0].secret


def _mark(given: Given) -> str:
    """What tells one request from another: the same page with other words or boxes in it is another one."""
    filled_in = (*given.rights, given.email, given.wish, str(given.on_behalf))
    return "\x1f".join((given.once or new_token(), *filled_in))


async def _earlier(session: AsyncSession, operator: Operator, peer: str) -> Case | None:
    """The first case of a page that was sent before."""
    return await session.scalar(
        select(Case)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(
            Conversation.operator == operator.id, Conversation.channel == CHANNEL, Conversation.peer == peer
        )
        .order_by(Case.reference)
        .limit(1)
    )


def _say(session: AsyncSession, reader: Reader, talk: Conversation, text: str) -> None:
    """Keep what the person wrote as a message, so that the officer reads it with every conversation."""
    message_id = uuid4().hex
    session.add(
        Message(
            id=message_id,
            conversation_id=talk.id,
            dossier_id=talk.dossier_id,
            seq=1,
            inbound=True,
            at=reader.now,
            text=reader.desk.vault.seal_json(talk.dossier_id, f"message.text:{message_id}", {"text": text}),
        )
    )
