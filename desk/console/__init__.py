"""The privacy officers' pages."""

from fastapi import APIRouter

from desk.console import cases, documents, doors, listing, questions, talks, tray


def router() -> APIRouter:
    """The console; every page but the sign-in refuses a stranger."""
    router = APIRouter()
    for part in (doors, listing, cases, talks, tray, documents, questions):
        router.include_router(part.router())
    return router
