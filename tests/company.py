"""A company for tests that need a profile: invented, and the same whatever becomes of the real profiles."""

from pathlib import Path
from types import MappingProxyType

from law.rights import Right
from operators.profile import Contact, Operator, Release


def company(*, name: str = "Fjordlys", prefix: str = "FJL", email: str | None = "hei@example.no") -> Operator:
    """Fjordlys Strøm AS as far as letters and cases need it."""
    return Operator(
        id="fjordlys",
        name=name,
        legal_name=f"{name} Strøm AS",
        prefix=prefix,
        languages=("nb", "nn", "en"),
        org_number=None,
        fictional=True,
        documents=(),
        contact=Contact(None, email, "00 00 00 00", "Oppdiktet vei 1, 0000 Ingensteds"),
        dpo=Contact("Solveig Oppdiktet", "ombud@example.no", None, None),
        roles={"nb": "Behandlingsansvarlig", "nn": "Behandlingsansvarleg", "en": "Controller"},
        channels=("chat",),
        recipients=(),
        register=(),
        facts=(),
        promises=(),
        conflicts=(),
        systems=(),
        release=Release(MappingProxyType(dict.fromkeys(Right, "officer"))),
        processor=None,
        year_end="12-31",
        privacy_url=None,
        folder=Path(),
    )
