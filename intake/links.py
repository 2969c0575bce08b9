"""The addresses of the pages a person is sent to; the desk says under which address it is reached."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Links:
    """Builds links under `base_url`, such as "https://personvern.example.no" (a last slash is dropped)."""

    base_url: str

    def status(self, operator_id: str, secret: str) -> str:
        """The status page of one case; who has the link sees the case, so it goes to the requester alone."""
        return self._to("s", secret)

    def company(self, operator_id: str) -> str:
        """The company's own page."""
        return self._to("o", operator_id)

    def chat(self, operator_id: str) -> str:
        """The company's chat."""
        return self._to("o", operator_id, "chat")

    def document(self, operator_id: str, document_id: str, anchor: str | None = None) -> str:
        """A document by section; `anchor` is the section's."""
        page = self._to("o", operator_id, "dokument", document_id)
        return f"{page}#{quote(anchor, safe='')}" if anchor else page

    def _to(self, *parts: str) -> str:
        return "/".join([self.base_url.rstrip("/"), *(quote(part, safe="") for part in parts)])
