"""The switches that decide who answers."""

from typing import Annotated

from fastapi import APIRouter, Depends

from agent.staff.guard import Guard
from agent.staff.parts import StaffParts
from agent.staff.wire import SwitchIn, SwitchOut, switch_out
from agent.storage.switches import SWITCHES
from agent.storage.users import Session


def switch_routes(parts: StaffParts, guard: Guard) -> APIRouter:
    """Make `/switch`."""
    router = APIRouter(prefix="/switch")

    async def current() -> list[SwitchOut]:
        turned = await parts.switches.every()
        return [switch_out(name, turned.get(name)) for name in SWITCHES]

    @router.get("", dependencies=[Depends(guard.reader)])
    async def read() -> list[SwitchOut]:
        """Read the switches: who turned them, and when."""
        return await current()

    @router.post("")
    async def turn(wanted: SwitchIn, session: Annotated[Session, Depends(guard.writer)]) -> list[SwitchOut]:
        """Turn a switch. "Everything to people" is for admins."""
        if wanted.name == "everything_to_people":
            guard.check_role(session, "admin")
        now, by = parts.clock.now(), session.account.name
        if wanted.on is None:
            await parts.switches.clear(wanted.name, by=by, at=now)
        else:
            await parts.switches.turn(wanted.name, on=wanted.on, by=by, at=now)
        await parts.audit.record(actor=by, action="switch", subject=wanted.name, detail={"on": wanted.on})
        return await current()

    return router
