"""The web application: public pages, chat, console and health, over one desk."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import webchat
from desk import console, migrate, pages
from desk.rendering import static_folder
from desk.security import protect
from desk.wiring import Desk


def make_app(desk: Desk, *extra: APIRouter) -> FastAPI:
    """The application. `extra` routers come from the demo (its mailbox) and from Telegram's webhooks."""
    app = FastAPI(title="Rettsvar", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    protect(app, desk)
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    app.include_router(health())
    app.include_router(pages.router())
    app.include_router(
        webchat.router(desk.hub, desk.clock, desk.signing_key, at_most=desk.settings.chat_messages)
    )
    app.include_router(console.router())
    for router in extra:
        app.include_router(router)
    return app


def health() -> APIRouter:
    """`/healthz`: the process answers. `/readyz`: so does its database, in the newest form."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def readyz(request: Request) -> JSONResponse:
        desk: Desk = request.app.state.desk
        try:
            async with desk.unit_of_work() as session:
                await session.execute(text("SELECT 1"))
            current, newest = await migrate.standing(desk.database.engine)
        except (SQLAlchemyError, OSError):
            return JSONResponse({"status": "no database"}, status_code=503)
        if current != newest:
            return JSONResponse({"status": "needs migration"}, status_code=503)
        return JSONResponse({"status": "ok"})

    return router
