"""The page of the demo on which a newcomer writes a mail to a company, or answers one of the desk's."""

from collections.abc import Callable, Mapping
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from desk.demo.inbox import Mailbox
from desk.demo.mailbox import page, spoken
from intake.email.mail import Delivery, TakeIn
from operators.profile import Operator

PAGE: Final = "/demo/write"
LONGEST: Final = 20_000  # characters
SAMPLE: Final = "kari.eksempel@example.no"


def router(
    mailbox: Mailbox, operators: Mapping[str, Operator], take_in: TakeIn, clock: Callable[[], datetime]
) -> APIRouter:
    """`/demo/write`, for the demo only: what is written here is delivered as a mail server would."""
    routes = APIRouter(prefix=PAGE, include_in_schema=False)

    @routes.get("")
    def form(request: Request, answering: str = "", lang: str | None = None) -> Response:
        values = _answering(mailbox, operators, answering) if answering else {"sender": SAMPLE}
        return _form(request, lang, operators, values)

    @routes.post("")
    async def post(request: Request, lang: str | None = None) -> Response:
        given = {key: str(value)[:LONGEST] for key, value in (await request.form()).items()}
        company, (_, sender) = given.get("company", ""), parseaddr(given.get("sender", ""))
        if company not in operators or "@" not in sender or not given.get("text", "").strip():
            return _form(request, lang, operators, given, status=422)
        raw = _written(mailbox, given, sender, clock())
        to = f"{company}@desk.example"
        await take_in(Delivery(company, raw, clock(), "file", envelope_from=sender, envelope_to=(to,)))
        return RedirectResponse("/demo/mailbox?sent=1", 303)

    return routes


def _form(
    request: Request,
    lang: str | None,
    operators: Mapping[str, Operator],
    values: Mapping[str, str],
    status: int = 200,
) -> Response:
    names = sorted(((one.name, id) for id, one in operators.items()), key=lambda pair: pair[0].casefold())
    return page(
        "write.html",
        spoken(request, lang),
        status=status,
        companies=names,
        given=values,
        failed=status != 200,
    )


def _answering(mailbox: Mailbox, operators: Mapping[str, Operator], mail_id: str) -> dict[str, str]:
    """What stands in the form when a mail of the desk's is answered."""
    mail = mailbox.mail(mail_id)
    if mail is None:
        return {"sender": SAMPLE}
    name, _ = parseaddr(mail.sender)
    company = next((id for id, one in operators.items() if one.name == name), "")
    quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
    return {
        "company": company,
        "sender": mail.to[0] if mail.to else SAMPLE,
        "subject": f"Re: {mail.subject}",
        "text": f"\n\n{quoted}",
        "answering": mail_id,
    }


def _written(mailbox: Mailbox, given: Mapping[str, str], sender: str, now: datetime) -> bytes:
    """The mail as a mail program would have made it."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, "personvern@desk.example"
    mail["Subject"] = " ".join(given.get("subject", "").split())
    mail["Date"], mail["Message-ID"] = format_datetime(now), make_msgid(domain="example.no")
    answered = mailbox.raw(given.get("answering", ""))
    if answered is not None:
        earlier = message_from_bytes(answered, policy=policy.default)
        if earlier["Message-ID"]:
            mail["In-Reply-To"] = str(earlier["Message-ID"])
            mail["References"] = " ".join(
                part for part in (str(earlier["References"] or ""), str(earlier["Message-ID"])) if part
            )
    mail.set_content(given["text"])
    return mail.as_bytes()
