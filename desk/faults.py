"""The pages that say what went wrong, in the reader's language."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from desk.log import log
from desk.rendering import language, pages
from intake.vault import KeyGone

KINDS = {
    403: "stale",
    404: "missing",
    405: "missing",
    413: "large",
    422: "missing",
    429: "flood",
    500: "ours",
}


def page(request: Request, status: int) -> Response:
    """The page for a status; a program that asked for JSON gets that."""
    kind = KINDS.get(status, "ours" if status >= 500 else "missing")
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": kind}, status_code=status)
    lang = language(request.query_params.get("lang"), request.headers.get("accept-language"))
    return pages().page(
        "pages/fault.html",
        lang,
        status=status,
        kind=kind,
        console=request.url.path.startswith("/console"),
        operator=None,
        path="/",
    )


def install(app: FastAPI) -> None:
    """Answer every fault with a page; nothing about the inside leaves the house."""

    @app.exception_handler(HTTPException)
    async def told(request: Request, fault: HTTPException) -> Response:
        if 300 <= fault.status_code < 400:
            return Response(status_code=fault.status_code, headers=fault.headers)
        response = page(request, fault.status_code)
        response.headers.update(fault.headers or {})
        return response

    @app.exception_handler(KeyGone)
    async def erased(request: Request, fault: KeyGone) -> Response:
        return page(request, 404)  # what was sealed with the key is erased, and so is its page

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, fault: RequestValidationError) -> Response:
        return page(request, 404 if request.method == "GET" else 422)

    @app.exception_handler(Exception)
    async def broken(request: Request, fault: Exception) -> Response:
        log.error("request failed", exc_type=type(fault).__name__)
        return page(request, 500)
