"""A company small enough to break one key at a time."""

from pathlib import Path

OPERATOR = """\
id = "lampe"
name = "Lampe"
legal_name = "Lampe Oppdiktet AS"
prefix = "LMP"
languages = ["nb", "nn", "en"]
fictional = true
channels = ["chat"]
roles = {nb = "ansvarlig", nn = "ansvarleg", en = "controller"}

[contact]
email = "hei@example.no"

[[document]]
file = "lampe.txt"
title = "Lampevilkår"
lang = "nb"
dated = 2026-01-31

[release]
erasure = "auto"

[processor]
people = {nb = "andres kunder", nn = "kundane til andre", en = "others' customers"}
controller = {nb = "butikken", nn = "butikken", en = "the shop"}
words = {nb = "sendt videre", nn = "send vidare", en = "sent on"}
"""

REGISTER = """\
[[recipient]]
id = "bud"
name = "Budbil"
purpose = {nb = "frakt", nn = "frakt", en = "freight"}
clause = "3"
evidence = ["Budbil"]

[[processing]]
id = "orders"
role = "controller"
purpose = {nb = "ordrer", nn = "ordrar", en = "orders"}
people = {nb = "kunder", nn = "kundar", en = "customers"}
data = {nb = "navn", nn = "namn", en = "name"}
basis = "6(1)(b)"
basis_words = {nb = "avtale", nn = "avtale", en = "contract"}
retention = {nb = "fem år", nn = "fem år", en = "five years"}
retention_code = "BOKF-5Y"
source = {nb = "deg", nn = "deg", en = "you"}
recipients = ["bud"]
clause = "3"
evidence = ["Budbil"]
"""

SYSTEMS = """\
[[system]]
id = "shop"
name = {nb = "Butikk", nn = "Butikk", en = "Shop"}
adapter = "sql"
role = "controller"
secret = "lampe_db"

[[system.holding]]
id = "accounts"
name = {nb = "Kontoer", nn = "Kontoar", en = "Accounts"}
table = "account"
key = "id"
identifiers = {email = "email", phone = "phone"}
personal = ["full_name", "email"]
secret = ["password_hash"]
rectify = {email = "email"}
treatment = "erase"
processing = "orders"
provided = true

[[system.holding]]
id = "orders"
name = {nb = "Ordrer", nn = "Ordrar", en = "Orders"}
table = "orders"
key = "id"
parent = ["accounts", "account_id"]
personal = ["item", "card"]
masked = ["card"]
treatment = "keep"
processing = "orders"

[system.holding.keep]
ground = "G17-3B"
period = "BOKF-5Y"
date_column = "ordered_on"
reason = {nb = "bokføring", nn = "bokføring", en = "bookkeeping"}
"""

FACTS = """\
[[fact]]
id = "price"
topic = "price"
words = {nb = "En lampe koster 9 kroner.", nn = "Ei lampe kostar 9 kroner.", en = "A lamp costs 9 kroner."}
clause = "2"
evidence = ["9 kroner"]

[[promise]]
id = "answer"
clause = "4"
subject = {nb = "svar", nn = "svar", en = "answer"}
days = 7
note = {nb = "kundeservice", nn = "kundeservice", en = "customer service"}
"""

CONFLICTS = """\
[[conflict]]
id = "L-C1"
severity = "HIGH"
clause = "5"
article = "17(1)"
topic = "erasure"
right = "erasure"
says = {nb = "aldri", nn = "aldri", en = "never"}
holds = {nb = "jo", nn = "jo", en = "yes"}
"""

FILES = {
    "operator.toml": OPERATOR,
    "register.toml": REGISTER,
    "systems.toml": SYSTEMS,
    "facts.toml": FACTS,
    "conflicts.toml": CONFLICTS,
}


def written(root: Path, file: str = "", old: str = "", new: str = "", *, name: str = "lampe") -> Path:
    """Write the company under `root`, with `old` in `file` replaced by `new`; return its folder."""
    folder = root / name
    folder.mkdir(parents=True)
    for each, text in FILES.items():
        if each == file:
            assert text.count(old) >= 1, f"{old!r} is not in {file}"
            text = text.replace(old, new, 1)
        (folder / each).write_text(text, encoding="utf-8")
    return folder
