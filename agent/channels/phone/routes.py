"""The phone's routes, gathered: media socket, webhooks, browser calls, call page."""

from fastapi import APIRouter

from agent.channels.phone.browser_calls import BrowserCalls, browser_call_routes
from agent.channels.phone.page import CallPage, call_page_routes
from agent.channels.phone.parts import PhoneParts
from agent.channels.phone.reception import Reception
from agent.channels.phone.stream import stream_routes
from agent.channels.phone.webhooks import webhook_routes


def phone_routes(parts: PhoneParts, *, reception: Reception, door: BrowserCalls, page: CallPage) -> APIRouter:
    """Make the phone's routes. None of them needs the extra `voice` to be made."""
    router = APIRouter()
    router.include_router(stream_routes(parts))
    router.include_router(webhook_routes(reception))
    router.include_router(browser_call_routes(door))
    router.include_router(call_page_routes(page))
    return router
