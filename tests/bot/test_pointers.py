"""What in a mail points to a case: only what is the same company's, still there, and meant for it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

import pytest

from bot.hub import Channel
from bot.pointers import pointers
from intake import letters
from intake.case import State
from intake.email.mail import Mail
from intake.email.placing import How, Pointer
from intake.email.records import IncomingMail, MailState
from intake.opening import Opened, details, open_case, open_dossier
from intake.records import Case, Conversation, Dossier
from intake.unit_of_work import UnitOfWork
from intake.vault import Vault
from law.rights import Right
from operators.profile import Operator
from tests.company import company
from verification.addresses import prove

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

KARI = "kari@example.no"
OURS = company()
ANOTHER = replace(OURS, id="nordlys", prefix="NDL")
MAIL = Mail(
    sender=KARI, sender_name="", reply_to=(), to=(), subject="Sak", message_id="m@example.no", in_reply_to=(),
    references=(), date=None, text="Hei", whole="Hei", html="", attachments=(), automatic=None,
)  # fmt: skip


@dataclass(slots=True)
class Cases:
    """Cases of two companies, and what is found to point to them."""

    unit_of_work: UnitOfWork
    vault: Vault
    now: datetime

    async def case(self, operator: Operator = OURS, dossier: str | None = None) -> Opened:
        """A case, in a dossier of its own unless another is named."""
        async with self.unit_of_work() as session:
            dossier_id = dossier or (await open_dossier(session, operator.id, self.now)).id
            return await open_case(
                session, self.vault, operator, dossier_id=dossier_id, conversation_id=None, right=Right.ACCESS,
                channel="email", lang="nb", received_at=self.now, now=self.now, wish="Hei",
            )  # fmt: skip

    async def proven(self, case: Case, address: str = KARI) -> None:
        """The address is proven in the case's dossier."""
        async with self.unit_of_work() as session:
            await prove(
                session, self.vault, operator_id=case.operator, dossier_id=case.dossier_id, address=address,
                by="code", detail={}, now=self.now,
            )  # fmt: skip

    async def token(self, case: Case) -> str:
        """What the case's letters carry."""
        return str((await details(self.vault, case))["mail_token"])

    async def letter(self, operator: Operator, dossier_id: str) -> str:
        """A letter that was sent to the dossier; its Message-ID without brackets."""
        async with self.unit_of_work() as session:
            made = await letters.write(
                session, self.vault, operator, name="code", lang="nb", dossier_id=dossier_id, to=KARI,
                values={"code": "012345", "minutes": 10, "purpose": "identify"}, now=self.now,
            )  # fmt: skip
            return (made.message_id or "").strip("<>")

    async def mail(self, case: Case, state: MailState) -> str:
        """A mail in the case's dossier; its Message-ID."""
        mail_id = uuid4().hex
        async with self.unit_of_work() as session:
            session.add(
                IncomingMail(
                    id=mail_id, operator=case.operator, dossier_id=case.dossier_id, digest=mail_id, source="file",
                    received_at=self.now, kept_at=self.now, size=1, raw=b"", envelope=b"", state=state.value,
                    case_id=case.id, not_before=self.now,
                    message_id_hash=self.vault.lookup("message_id", f"{mail_id}@x.no", operator=case.operator),
                )
            )  # fmt: skip
        return f"{mail_id}@x.no"

    async def found(self, mail: Mail, *sent_to: str) -> list[Pointer]:
        """What points to our company's cases."""
        async with self.unit_of_work() as session:
            return await pointers(session, self.vault, OURS.id, mail, sent_to=sent_to)


@pytest.fixture
def cases(unit_of_work: UnitOfWork, vault: Vault, now: datetime) -> Cases:
    """No case yet."""
    return Cases(unit_of_work, vault, now)


async def test_another_companys_case_is_not_pointed_to(cases: Cases) -> None:
    """Neither by its number, its token nor a letter of it; the same things of ours are found."""
    theirs, ours = (await cases.case(ANOTHER)).case, (await cases.case()).case
    for case, operator, hows in (
        (theirs, ANOTHER, []),
        (ours, OURS, [How.IN_REPLY_TO, How.TOKEN, How.SUBJECT]),
    ):
        answered = await cases.letter(operator, case.dossier_id)
        mail = replace(MAIL, subject=case.reference, whole=await cases.token(case), in_reply_to=(answered,))
        assert [one.how for one in await cases.found(mail)] == hows


async def test_a_token_is_read_where_the_mail_was_sent_to(cases: Cases) -> None:
    """In the header or, where a mailing list took it away, in the envelope; and however it is written."""
    case = (await cases.case()).case
    address = f"personvern+{(await cases.token(case)).upper()}@fjordlys.example"
    for mail, sent_to in ((replace(MAIL, to=(address,)), ()), (MAIL, (address,))):
        (found,) = await cases.found(mail, *sent_to)
        assert (found.how, found.case_id) == (How.PLUS_ADDRESS, case.id)


async def test_what_was_erased_is_pointed_to_no_more(cases: Cases) -> None:
    """A late reply to an erased case is a mail of its own."""
    case = (await cases.case()).case
    mail = replace(MAIL, subject=case.reference)
    assert len(await cases.found(mail)) == 1
    async with cases.unit_of_work() as session:
        (await session.get_one(Dossier, case.dossier_id)).erased_at = cases.now
    assert await cases.found(mail) == []


async def test_an_address_leads_to_the_one_open_case_it_is_proven_for(cases: Cases) -> None:
    """With two nobody knows which; a case that has ended is none."""
    case = (await cases.case()).case
    await cases.proven(case)
    assert await cases.found(MAIL) == [Pointer(How.ADDRESS, case.dossier_id, case.id, known=True)]
    other = (await cases.case()).case
    await cases.proven(other)
    assert await cases.found(MAIL) == []
    async with cases.unit_of_work() as session:
        (await session.get_one(Case, other.id)).state = State.WITHDRAWN.value
    assert [one.case_id for one in await cases.found(MAIL)] == [case.id]


async def test_only_an_address_that_is_known_there_is_known(cases: Cases) -> None:
    """One that the conversation is held with or that was proven; nobody else's, and no mail without a sender."""
    case = (await cases.case()).case
    mail = replace(MAIL, subject=case.reference)
    async with cases.unit_of_work() as session:
        session.add(
            Conversation(
                id=uuid4().hex, operator=OURS.id, dossier_id=case.dossier_id, channel=Channel.EMAIL.value, peer="p",
                address=cases.vault.lookup("email", KARI, operator=OURS.id), lang="nb", created_at=cases.now,
                last_at=cases.now,
            )
        )  # fmt: skip
    await cases.proven(case, "kari@jobb.example")
    known = {}
    for sender in (KARI, "kari@jobb.example", "ola@example.no", ""):
        (found,) = [one for one in await cases.found(replace(mail, sender=sender)) if one.how is How.SUBJECT]
        known[sender] = found.known
    assert known == {KARI: True, "kari@jobb.example": True, "ola@example.no": False, "": False}


async def test_a_mail_that_answers_a_placed_mail_goes_where_that_went(cases: Cases) -> None:
    """One that waits for an officer leads nowhere: whoever wrote it could lead others into the case."""
    case = (await cases.case()).case
    placed = await cases.mail(case, MailState.PLACED)
    waits = await cases.mail(case, MailState.QUARANTINE)
    assert [one.how for one in await cases.found(replace(MAIL, in_reply_to=(placed,)))] == [How.IN_REPLY_TO]
    assert await cases.found(replace(MAIL, in_reply_to=(waits,))) == []


async def test_of_a_long_thread_the_first_and_the_last_are_looked_up(cases: Cases) -> None:
    """What somebody wrote into the middle of two hundred is not."""
    case = (await cases.case()).case
    answered = await cases.letter(OURS, case.dossier_id)
    others = [f"{number}@x.no" for number in range(200)]
    for place, times in ((0, 1), (100, 0), (199, 1)):
        references = (*others[:place], answered, *others[place + 1 :])
        assert len(await cases.found(replace(MAIL, references=references))) == times, place


@pytest.mark.parametrize(
    ("subject", "count"),
    [("[{ref}] Sak", 1), ("sak {low}.", 1), ("{ref}0", 0), ("{ref}-2", 0), ("X{ref}", 0), ("A-{ref}", 0)],
)
async def test_a_number_is_a_whole_number(cases: Cases, subject: str, count: int) -> None:
    """Case 12 is not case 1; an order's number that holds ours is not ours."""
    ref = (await cases.case()).case.reference
    mail = replace(MAIL, subject=subject.format(ref=ref, low=ref.lower()))
    assert len(await cases.found(mail)) == count
