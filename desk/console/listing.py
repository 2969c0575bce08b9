"""The page of the queue."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from desk.console.doors import Visit
from desk.console.queue import Wanted, load
from intake.case import State
from law.rights import Right, cards


def router() -> APIRouter:
    """The queue; its filters stand in the address, so that a view can be kept as a bookmark."""
    router = APIRouter()

    @router.get("/console")
    async def queue(
        visit: Visit,
        operator: str = "",
        right: str = "",
        state: str = "open",
        q: str = "",
        unverified: bool = False,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> Response:
        wanted = Wanted(
            operator=operator if operator in visit.officer.serves else "",
            right=right if right in set(Right) else "",
            state=state if state in {"open", "closed", *State} else "open",
            q=q.strip()[:60],
            unverified=unverified,
            page=page,
        )
        async with visit.desk.unit_of_work() as session:
            found = await load(session, visit.officer.serves, wanted, visit.now)
        names = {
            id: visit.desk.operators[id].name for id in visit.officer.serves if id in visit.desk.operators
        }

        def link(**changed: str) -> str:
            return "/console?" + urlencode(_asked(wanted) | changed)

        def left(days: int) -> str:
            return visit.say("console.over", n=-days) if days < 0 else visit.say("console.left", n=days)

        return visit.page(
            "console/queue.html",
            nav="queue",
            queue=found,
            wanted=wanted,
            names=names | {row.operator: row.operator for row in found.rows if row.operator not in names},
            operators=sorted(names.items(), key=lambda pair: pair[1]),
            cards=cards(),
            states=list(State),
            link=link,
            left=left,
        )

    return router


def _asked(wanted: Wanted) -> dict[str, str]:
    """The filters as they stand in the address."""
    asked = {"operator": wanted.operator, "right": wanted.right, "state": wanted.state, "q": wanted.q}
    asked["unverified"] = "1" if wanted.unverified else ""
    return {key: value for key, value in asked.items() if value}
