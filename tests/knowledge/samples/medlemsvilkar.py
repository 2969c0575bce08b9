"""The terms of an invented gym as a DOCX file whose numbers only Word would show."""

from tests.knowledge.writing_docx import deleted, inserted, paragraph, run, table, written

NOTES = (
    '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>'
    + run("Konsumprisindeksen regnes fra oktober til oktober.")
    + "</w:p></w:footnote>"
)
REFERENCE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
COMMENT = '<w:commentRangeStart w:id="0"/>'


def medlemsvilkar() -> bytes:
    """The file; its text is ours."""
    return written(
        "".join(_body()),
        footnotes=NOTES,
        comments='<w:comment w:id="0"><w:p>' + run("Er dette lov?") + "</w:p></w:comment>",
    )


def _body() -> list[str]:
    return [
        paragraph("Medlemsvilkår for Tindefot Trening", "Tittel"),
        paragraph("Gjelder fra 1. september 2031. Tindefot Trening AS er et oppdiktet selskap."),
        paragraph("Medlemskapet\t2", "INNH1"),
        paragraph("Betaling\t3", "INNH1"),
        paragraph("Medlemskapet", "Overskrift1"),
        paragraph("Medlemskapet er personlig og kan ikke lånes bort.", "Ledd"),
        paragraph("Den som er under 18 år, må ha samtykke fra en av dem som har foreldreansvaret.", "Ledd"),
        paragraph("Medlemmet skal gi riktige opplysninger om:", "Ledd"),
        paragraph("navn og fødselsdato,", num=1, level=2),
        paragraph("adresse, e-post og telefon,", num=1, level=2),
        paragraph("hvem vi skal ringe når noe skjer.", num=1, level=2),
        paragraph(
            run("Kortet kan ")
            + deleted("aldri ")
            + inserted("bare ")
            + run("brukes av den det er skrevet ut til."),
            "Ledd",
        ),
        paragraph(deleted("Gjester er gratis hele året."), "Ledd", mark='<w:del w:id="9" w:author="A"/>'),
        paragraph("Betaling", "Overskrift1"),
        paragraph("Prisene", "Overskrift2"),
        table(
            [
                ["Medlemskap", "Pris i måneden", "Binding"],
                ["Hverdag", "299 kroner, trening før kl. 15", "Ingen"],
                ["Fri", "449 kroner, alle åpningstider", "Tolv måneder"],
                ["Ungdom", "249 kroner, fra 13 til 19 år", "^"],
                ["Familie", "899 kroner for inntil fem på samme adresse", "Ingen"],
            ]
        ),
        paragraph("Forfall og gebyr", "Overskrift2"),
        paragraph("Avgiften forfaller den 15. i hver måned og trekkes fra kontoen medlemmet har oppgitt."),
        paragraph(
            "Betaler medlemmet for sent, sender vi en påminnelse. Deretter påløper purregebyr og rente etter loven."
        ),
        paragraph("Endring av pris", "Overskrift2"),
        paragraph(
            run("Prisen kan økes én gang i året, ikke mer enn konsumprisindeksen.")
            + REFERENCE
            + run(" Vi varsler to måneder før.")
        ),
        paragraph("Bruk av senteret", "Overskrift1"),
        paragraph("Åpningstider", "Overskrift2"),
        paragraph(
            "Senteret er bemannet fra kl. 10 til kl. 20. Med kort og kode kan medlemmer over 16 år trene fra kl. 5"
            " til kl. 24."
        ),
        paragraph("Regler", "Overskrift2"),
        paragraph("Medlemmet skal", ""),
        paragraph("bruke rene innesko,", "Punktliste"),
        paragraph("rydde etter seg:", "Punktliste"),
        paragraph("vekter legges på plass,", num=2, level=1),
        paragraph("benker tørkes av,", num=2, level=1),
        paragraph("ikke ta bilder av andre uten å spørre.", "Punktliste"),
        paragraph("Utestenging", "Overskrift2"),
        paragraph(
            "Den som bruker doping, truer andre eller slipper inn noen uten kort, kan stenges ute i inntil to år."
        ),
        paragraph("Frys og oppsigelse", "Overskrift1"),
        paragraph("Frys", "Overskrift2"),
        paragraph("Medlemskapet kan fryses ved:"),
        paragraph("sykdom eller skade i mer enn 30 dager,", num=3),
        paragraph("svangerskap og permisjon,", num=3),
        paragraph("førstegangstjeneste eller studier et annet sted.", num=3),
        paragraph("Oppsigelse", "Overskrift2"),
        paragraph(
            "Oppsigelsestiden er én måned, regnet fra den første i neste måned. I bindingstiden kan medlemmet"
            " likevel gå ut ved:"
        ),
        paragraph("flytting mer enn 30 kilometer,", num=5),
        paragraph("varig sykdom som hindrer trening.", num=5),
        paragraph("Angrerett", "Overskrift2"),
        paragraph(
            "Den som har meldt seg inn på nettet, kan angre i 14 dager og betaler da bare for dagene som er gått."
        ),
        paragraph("Personvern", "Overskrift1"),
        paragraph(
            "Tindefot Trening AS er behandlingsansvarlig. Vi registrerer navn, kontaktopplysninger, betalinger"
            " og når kortet er brukt.",
            "Ledd",
        ),
        paragraph(
            "Besøk lagres i tre måneder, betalinger i fem år etter bokføringsloven, og resten til ett år etter utmelding.",
            "Ledd",
        ),
        paragraph(
            "Be om innsyn, retting eller sletting på personvern@tindefot.example.no. Vi svarer innen en måned.",
            "Ledd",
        ),
        paragraph("Ansvar og tvister", "Overskrift1"),
        paragraph(
            "Trening skjer på eget ansvar. Vi svarer for skade som skyldes feil ved utstyret vårt.", "Ledd"
        ),
        paragraph("Kommer vi ikke til enighet, kan saken bringes inn for Forbrukertilsynet.", "Ledd"),
        paragraph("Garderoben", "Vedlegg"),
        paragraph(
            "Skap leies for en dag om gangen. Det som ligger igjen når vi stenger, tar vi vare på i 14 dager."
        ),
        paragraph("Barneparken", "Vedlegg"),
        paragraph(
            "Barn fra ett til ni år kan være i barneparken inntil to timer mens en voksen trener på senteret."
        ),
    ]
