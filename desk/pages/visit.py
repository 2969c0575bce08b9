"""What every public page starts from: the desk, the reader's language, the company, the time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response

from desk.rendering import language, pages, text
from desk.security import caller
from desk.wiring import Desk
from knowledge.documents import Document
from law.language import LANGS, Lang, as_lang
from operators.profile import Operator


@dataclass(frozen=True, slots=True)
class Reader:
    """A request by anybody. `asked` is the language in the address, None where the browser's counts."""

    desk: Desk
    lang: Lang
    asked: Lang | None
    path: str
    caller: str
    now: datetime

    def operator(self, id: str) -> Operator:
        """The company of this desk with the id; 404 for any other."""
        if id not in self.desk.operators:
            raise HTTPException(404)
        return self.desk.operators[id]

    async def documents(self, operator_id: str) -> tuple[Document, ...]:
        """The company's documents that are in force; the first one to ask waits until they are read."""
        await self.desk.hub.ready(operator_id, self.now)
        return self.desk.knowledge[operator_id].documents

    def page(
        self,
        name: str,
        operator: Operator | None = None,
        *,
        status: int = 200,
        lang: Lang | None = None,
        **values: object,
    ) -> Response:
        """A page in the reader's language, or in `lang`."""
        chosen = lang or self.lang
        shared = {"operator": operator, "path": self.path}
        return pages().page(name, chosen, status=status, **(shared | values))

    def say(self, key: str, **values: object) -> str:
        """A text in the reader's language."""
        return text(self.lang, key, **values)


def reader(request: Request) -> Reader:
    """Read off the request what every page needs."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    asked = request.query_params.get("lang")
    return Reader(
        desk=desk,
        lang=language(asked, request.headers.get("accept-language")),
        asked=as_lang(asked) if asked in LANGS else None,
        path=request.url.path,
        caller=caller(request),
        now=desk.clock(),
    )


Reading = Annotated[Reader, Depends(reader)]
