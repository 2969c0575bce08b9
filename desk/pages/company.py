"""The list of companies, and a company's own page."""

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from desk.pages.document import document_path, register_path
from desk.pages.visit import Reading
from law.rights import cards


def router() -> APIRouter:
    """`/` and `/o/{operator}`."""
    router = APIRouter()

    @router.get("/")
    async def companies(reader: Reading) -> Response:
        listed = sorted(reader.desk.operators.values(), key=lambda one: (one.fictional, one.name.casefold()))
        return reader.page("pages/companies.html", companies=listed)

    @router.get("/o/{operator_id}")
    async def company(operator_id: str, reader: Reading) -> Response:
        operator = reader.operator(operator_id)
        documents = [
            {"title": one.title, "path": document_path(operator_id, one, reader.lang)}
            for one in await reader.documents(operator_id)
        ]
        return reader.page(
            "pages/company.html",
            operator,
            cards=cards(),
            documents=documents,
            register_path=f"{register_path(operator_id)}?lang={quote(reader.lang)}",
        )

    return router
