"""The public pages: companies, documents, the form, and the status page of a case."""

from fastapi import APIRouter

from desk.pages.company import router as company
from desk.pages.document import router as document
from desk.pages.form import router as form
from desk.pages.status import router as status


def router() -> APIRouter:
    """Every public page that is not the chat."""
    router = APIRouter()
    for part in (company, document, form, status):
        router.include_router(part())
    return router
