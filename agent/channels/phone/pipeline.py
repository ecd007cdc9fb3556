"""One call from its first audio to its end: line, ears, talker, voice, line."""

import asyncio
import logging
from collections.abc import Callable

from fastapi import WebSocket
from pipecat.frames.frames import Frame, OutputTransportMessageFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams
from pipecat.workers.runner import WorkerRunner

from agent.channels.phone.ears import Ears
from agent.channels.phone.media import MediaSerializer
from agent.channels.phone.pacing import PacedTransport
from agent.channels.phone.parts import Hearing, PhoneParts
from agent.channels.phone.services import OwnVoice
from agent.channels.phone.talk import NOTHING, Talk
from agent.channels.phone.talker import Talker
from agent.domain.conversation import Heard
from agent.domain.errors import CallerError, ServiceError
from agent.domain.speech import HEARD_RATE, LINE_RATE
from agent.storage.calls import Call

log = logging.getLogger("careline.phone")
OPENED_WITHIN = 10.0
"""Seconds for a conversation that is being opened while its caller hangs up."""


class Wire(MediaSerializer):
    """Says when a mark has gone out."""

    def __init__(self, stream_sid: str, sent: Callable[[str], None]) -> None:
        super().__init__(stream_sid)
        self._sent = sent

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """Return the message of a frame."""
        if isinstance(frame, OutputTransportMessageFrame) and frame.message.get("event") == "mark":
            self._sent(frame.message["mark"]["name"])
        return await super().serialize(frame)


async def converse(
    websocket: WebSocket, stream_sid: str, call: Call, parts: PhoneParts, *, lang: str | None = None
) -> Talk:
    """Hold one call; returns when it is over on either side, with nothing of it left running.

    `lang` is a wish: a language the practice does not speak means its first one.
    """
    hearing = parts.hearing
    assert hearing is not None  # the stream admits no call before
    talk = Talk(parts=parts, call=call, wished=next((known for known in parts.words if known == lang), None))
    recognizer = _recognizer(hearing)
    talker = Talker(talk, stream_sid=stream_sid, in_pieces=recognizer is not None, browser=call.kind == "browser")
    transport = PacedTransport(
        websocket,
        FastAPIWebsocketParams(
            serializer=Wire(stream_sid, talker.mouth.sent), audio_in_enabled=True, audio_out_enabled=True,
            audio_out_10ms_chunks=2, audio_out_end_silence_secs=0, allowed_origins=[],
        ),
    )  # fmt: skip
    transport.add_event_handler("on_client_disconnected", lambda *_: talk.over.set())
    steps: list[FrameProcessor] = [
        transport.input(),
        Ears(hearing.models, None if recognizer else hearing.recognizer, lambda: talk.lang),
        *([recognizer] if recognizer else []),
        talker,
        _voice(hearing, talk),
        transport.output(),
    ]
    parts.lines.on_drain(call.leg, lambda: talk.close("closing"))
    await _run(Pipeline(steps), talk)
    await _afterwards(talk, talker)
    return talk


def _recognizer(hearing: Hearing) -> FrameProcessor | None:
    cloud = hearing.cloud.recognizer if hearing.cloud else None
    return cloud.make() if cloud else None


def _voice(hearing: Hearing, talk: Talk) -> FrameProcessor:
    cloud = hearing.cloud.voice if hearing.cloud else None
    if cloud is not None:
        return cloud.make()
    assert hearing.voice is not None
    return OwnVoice(hearing.voice, lambda: talk.lang)


async def _run(pipeline: Pipeline, talk: Talk) -> None:
    """Run until the talk is over or the pipeline has ended by itself."""
    worker = PipelineWorker(
        pipeline,
        params=PipelineParams(audio_in_sample_rate=HEARD_RATE, audio_out_sample_rate=LINE_RATE),
        enable_rtvi=False, enable_turn_tracking=False, idle_timeout_secs=None, check_dangling_tasks=False,
    )  # fmt: skip
    worker.add_event_handler("on_pipeline_error", _failed)
    runner = WorkerRunner(handle_sigint=False, check_dangling_tasks=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    over = asyncio.create_task(talk.over.wait())
    try:
        await asyncio.wait({running, over}, return_when=asyncio.FIRST_COMPLETED)
        await _hang_up(talk)
    finally:
        over.cancel()
        await runner.cancel()
        await asyncio.wait({running}, timeout=5.0)
        running.cancel()


async def _hang_up(talk: Talk) -> None:
    """End a call at the telephone service before its socket closes: else it would go on with help for the caller."""
    hang_up = talk.parts.hang_up
    if talk.call.kind != "twilio" or not talk.said_goodbye or hang_up is None:
        return
    try:
        await hang_up(talk.call.call_sid)
    except ServiceError as failed:
        log.error("hang_up_failed %s", failed.service)


async def _failed(_worker: object, _frame: object) -> None:
    log.warning("pipeline_error")


async def _afterwards(talk: Talk, talker: Talker) -> None:
    """Tell the front desk what was heard, and that the caller is gone if the conversation had not ended."""
    desk = talk.parts.desk
    if talk.opening is not None:  # the caller may be gone before their conversation was kept
        await asyncio.wait({talk.opening}, timeout=OPENED_WITHIN)
        talk.opening.add_done_callback(lambda opening: opening.cancelled() or opening.exception())
    try:
        for one in talker.untold():
            if one.reply is not None:
                await desk.spoken(talk.conversation, one.reply.id, one.heard)
        if await _caller_gone(talk):
            await desk.turn(talk.conversation, Heard(best=NOTHING, event="hang_up"))
    except (CallerError, ServiceError) as failed:
        log.error("call_end_not_kept %s", type(failed).__name__)


async def _caller_gone(talk: Talk) -> bool:
    if talk.away:
        return False
    first = await talk.parts.calls.left(talk.call, talk.parts.clock.now())
    return first and talk.state != "ended" and bool(talk.conversation)
