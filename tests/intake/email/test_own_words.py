"""Which words of a mail are its sender's own, as real mail programs set quotes, signatures and disclaimers."""

# ruff: noqa: E501  lines of mails stand as mails have them

import pytest

from intake.email.parsing import parse
from tests.intake.email.mails import alternative, attached, mail, mixed, page, text

OUTLOOK = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0cm}</style></head>
<body lang="NO-BOK"><div class="WordSection1"><p class="MsoNormal">Hei, jeg vil ha innsyn i det dere har om meg.<o:p></o:p></p>
<p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Med vennlig hilsen<o:p></o:p></p><p class="MsoNormal">Kari Vik<o:p>
</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Fra:</b>
Kundeservice &lt;post@fjordlys.example&gt;<br><b>Sendt:</b> mandag 2. november 2026 09:00<br><b>Til:</b> Kari Vik<br>
<b>Emne:</b> Velkommen</p></div></div><p class="MsoNormal">Skriv til oss om du vil slette kontoen.</p></div></body></html>"""

OUTLOOK_WEB = """<html><body><div class="elementToProof">Slett profilen min, takk.</div><div id="Signature"><p>Kari Vik<br>
Seniorrådgiver</p></div><div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font><b>Von:</b> X<br>
<b>Gesendet:</b> Montag</font></div><div>Vil du ha en kopi?</div></body></html>"""

GMAIL = """<div dir="auto">Ja, rett adressen.<div dir="auto"><br></div></div><br><div class="gmail_quote"><div dir="ltr"
class="gmail_attr">pon., 2 lis 2026, 09:00 u&zcaron;ytkownik Post &lt;<a href="mailto:p@x.example">p@x.example</a>&gt; napisa&lstrok;:<br></div>
<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid"><div>Skal vi slette kontoen?</div></blockquote></div>"""

APPLE = """<html><body dir="auto">Eg vil ha kopi.<br><br><div dir="ltr">Sendt frå min iPhone</div><div dir="ltr"><br><blockquote
type="cite">2. nov. 2026 kl. 09:00 skrev Post &lt;p@x.example&gt;:<br><br></blockquote></div><blockquote type="cite"><div>Skal vi
slette alt?</div></blockquote></body></html>"""

YAHOO = """<html><body><div class="yahoo-style-wrap">Stopp reklamen.<div><br></div></div><div id="yahoo_quoted_1"
class="yahoo_quoted"><div>Den mandag 2. november 2026 kl. 09:00 GMT+1, Post &lt;p@x.example&gt; skrev:</div><div>Skal vi slette?</div></div>
</body></html>"""

THUNDERBIRD = """<html><body><p>Begrens bruken, men behold opplysningene.</p><div class="moz-cite-prefix">Den 02.11.2026 09:00,
skrev Post:<br></div><blockquote type="cite" cite="mid:1@x"><p>Skal vi slette?</p></blockquote><div class="moz-signature">-- <br>
Kari Vik, daglig leder</div></body></html>"""


@pytest.mark.parametrize(
    ("html", "own", "others"),
    [
        (OUTLOOK, "Hei, jeg vil ha innsyn i det dere har om meg.", "slette kontoen"),
        (OUTLOOK_WEB, "Slett profilen min, takk.", "Vil du ha en kopi?"),
        (GMAIL, "Ja, rett adressen.", "Skal vi slette kontoen?"),
        (APPLE, "Eg vil ha kopi.", "slette alt?"),
        (YAHOO, "Stopp reklamen.", "Skal vi slette?"),
        (THUNDERBIRD, "Begrens bruken, men behold opplysningene.", "Skal vi slette?"),
    ],
    ids=["outlook", "outlook-web", "gmail", "apple", "yahoo", "thunderbird"],
)
def test_each_programs_reply_leaves_the_new_words(html: str, own: str, others: str) -> None:
    """Quotes and signatures are told by the program's own marks, whatever their language; all stays in `whole`."""
    found = parse(page(html))
    assert found.text == own
    assert others in " ".join(found.whole.split())


def test_answers_between_the_lines_are_the_senders() -> None:
    """Who answers within the quotation is read, in HTML as in plain text."""
    html = (
        "<div class=gmail_quote><div class=gmail_attr>On Mon, Post wrote:</div><blockquote class=gmail_quote>Vil du ha kopi?"
        "</blockquote><div>Ja, kopi.</div><blockquote class=gmail_quote>Skal vi slette?</blockquote><div>Nei.</div></div>"
    )
    assert parse(page(html)).text.split() == ["Ja,", "kopi.", "Nei."]
    plain = "Den 2. nov. 2026 kl. 09:00 skrev Post:\n> Vil du ha kopi?\nJa, kopi.\n>> eldre\n> Skal vi slette?\nNei."
    assert parse(mail(plain)).text.split() == ["Ja,", "kopi.", "Nei."]


@pytest.mark.parametrize(
    "below",
    [
        "Hilsen Kari",
        "-- \nKari Vik\nStorgata 1",
        "Sendt fra min iPhone",
        "Last ned Outlook for iOS",
        "Sent from Outlook for Android",
        "OBS! Informasjonen i denne e-posten kan vere fortruleg. Slett han om du har fått han ved ein feil.",
        "The information contained in this email is confidential. Delete it.",
        "Denne e-posten er konfidensiell. Har du fått den ved en feil, slett den.",
        "This message is intended only for the addressee. Please delete it if received in error.",
        "-----Opprinnelig melding-----\nFra: x\nVil du slette kontoen?",
        "Frå: Post <p@x.example>\nSendt: måndag\nTil: Kari\nEmne: Hei\n\nVil du slette?",
        "Från: Post\nSkickat: den 2 november\nTill: Kari\nÄmne: Hej\n\nRadera?",
        "On Mon, 2 Nov 2026 at 09:00, Post <p@x.example>\nwrote:\n> delete?",
        "##- Skriv svaret ditt over denne linjen -##\n\nVil du slette?",
    ],
)
def test_what_stands_below_is_left_out(below: str) -> None:
    """Signatures, advertisements of telephones, disclaimers and earlier mail, in several languages."""
    found = parse(mail(f"Jeg vil ha innsyn.\n\n{below}\n"))
    assert found.text == "Jeg vil ha innsyn."
    assert found.whole.startswith("Jeg vil ha innsyn.")
    assert len(found.whole) > len(found.text) + 5


@pytest.mark.parametrize(
    "said",
    [
        "This e-mail contains a request: delete my account.",
        "Denne meldingen sender jeg bare fordi dere ikke svarer. Slett kontoen min.",
        "Den 4. mai skrev jeg til dere:\nSlett kontoen min.",
        "From: Kari Vik\nSubject: Innsyn\n\nMessage Body:\nSend me my data.",
        "Hei\n---\nNavn: Kari\nMelding: Slett kontoen min.",
        "Fra: Kari Vik <kari@example.no>\nTil: personvern\nEmne: Sletting\nMelding: Slett kontoen min.",
        "CAUTION: This email originated from outside the organisation.\n\nSlett kontoen min.",
    ],
)
def test_a_request_is_not_lost_for_a_line_that_looks_like_a_mark(said: str) -> None:
    """What only resembles a disclaimer, an attribution or a header block is the sender's own."""
    assert parse(mail(said)).text.splitlines()[-1] == said.splitlines()[-1]


def test_a_warning_above_the_text_is_left_out() -> None:
    """What a mail server set above the text is nobody's words."""
    assert parse(mail("External e-mail: message from outside.\n\nSlett meg.")).text == "Slett meg."


def test_words_typed_into_the_signature_are_read_where_there_are_no_others() -> None:
    """Some people answer within the block that their program keeps for the signature."""
    found = parse(page('<div id="Signature"><div>Slett kontoen min.</div></div>'))
    assert found.text == "Slett kontoen min."


def test_an_empty_reply_says_nothing() -> None:
    """A reply with nothing above the earlier mail has no words of its own."""
    found = parse(
        mail("\n\nFra: Post <p@x.example>\nSendt: mandag\nTil: Kari\nEmne: Hei\n\nSlett?", "SV: Hei")
    )
    assert found.text == ""
    assert not found.forwarded


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (
            "VS: Sletting",
            "Hei, kan dere ta denne?\n\nFra: Ola Li <ola@example.org>\nSendt: i dag\nTil: oss\nEmne: Sletting\n\n",
        ),
        (
            "Fwd: Sletting",
            "FYI\n\n---------- Forwarded message ---------\nFrom: Ola Li <ola@example.org>\nDate: Mon\nSubject: S\n\n",
        ),
        (
            "Vs: S",
            "\n> Start på videresendt melding:\n> \n> Fra: Ola <ola@example.org>\n> Emne: S\n> Dato: i dag\n> Til: oss\n> \n> ",
        ),
    ],
)
def test_a_request_passed_on_is_read_itself(subject: str, said: str) -> None:
    """Where the covering note asks for nothing, the forwarded request is what is read."""
    found = parse(mail(said + "Slett kontoen min og alt dere har om meg.", subject))
    assert (found.text, found.forwarded) == ("Slett kontoen min og alt dere har om meg.", True)
    assert found.forwarded_from == "ola@example.org"
    assert found.sender == "kari@example.no"


def test_a_request_attached_whole_is_read_itself() -> None:
    """An attached mail counts as passed on where the covering note asks for nothing."""
    inner = mail("Jeg vil ha innsyn i alt dere har om meg.", "Innsyn", "Ola <ola@example.org>")
    found = parse(mixed("Se vedlegg.", attached(inner, "Innsyn.eml", "message/rfc822")))
    assert (found.forwarded, found.forwarded_from) == (True, "ola@example.org")
    assert found.text == "Jeg vil ha innsyn i alt dere har om meg."
    assert [one.name for one in found.attachments] == ["Innsyn.eml"]


def test_who_asks_himself_is_not_passing_on() -> None:
    """A right asked for above a forwarded mail is the sender's."""
    said = "Slett kontoen min.\n\n---------- Forwarded message ---------\nFrom: Post <p@x.example>\nDate: Mon\n\nJeg vil ha innsyn i alt dere har om meg."
    found = parse(mail(said, "Fwd: Hei"))
    assert (found.text, found.forwarded) == ("Slett kontoen min.", False)


def test_plain_text_goes_before_html() -> None:
    """Of two versions the plain one is read, unless it only says that HTML is needed."""
    assert parse(mail(alternative("Innsyn, takk.", "<p>Annet</p>"))).text == "Innsyn, takk."
    stub = alternative(
        "This message is in HTML. Please view it there.",
        "<p>Slett kontoen min og alt om meg, takk skal dere ha.</p>",
    )
    assert parse(mail(stub)).text.startswith("Slett kontoen min")
    assert parse(mail(alternative("\n", "<p>Slett</p>"))).text == "Slett"


def test_flowed_lines_are_joined() -> None:
    """RFC 3676: a line that ends in a space goes on; quotes are joined apart."""
    flowed = text("Jeg vil ha \ninnsyn.\n> et \n> sitat\n-- \nKari", more="; format=flowed")
    found = parse(mail(flowed))
    assert found.text == "Jeg vil ha innsyn."
    assert "> et sitat" in found.whole


def test_pgp_armour_is_left_out() -> None:
    """The frame around a text signed within it (RFC 9580, 7) is no text."""
    said = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nSlett meg.\n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----"
    assert parse(mail(said)).text == "Slett meg."
