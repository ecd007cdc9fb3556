"""Sends live calls to people of the practice: `<Dial>`, and back to the agent when nobody picks up.

`<Dial>` rather than `<Conference>`: the agent leaves the call, so nobody would be gained by a third seat, while a
conference needs a second call of ours to staff, music to wait by, and leaves a person alone in it when the caller goes.
"""

import asyncio
import logging
from dataclasses import dataclass

from agent.channels.phone import twiml
from agent.channels.phone.people import action_of, numbers_of
from agent.channels.phone.rest import Telephone
from agent.domain.conversation import PhoneKey
from agent.domain.errors import ServiceError
from agent.domain.practice import Practice
from agent.storage.calls import Calls

log = logging.getLogger("careline.phone")


@dataclass(frozen=True, kw_only=True)
class PhoneTransfers:
    """Implements `agent.domain.ports.Transfers`. `again`: staff asks, so a transfer that failed may be repeated."""

    calls: Calls
    practice: Practice
    public_url: str
    telephone: Telephone
    again: bool = False

    async def send(self, conversation: str, to: PhoneKey) -> bool:
        """WRITE: ring that number; to its end even when whoever asked is cancelled. False: no call can be sent there.

        ServiceError: the telephone service refused or did not answer; the caller is still with the agent.
        """
        return await asyncio.shield(asyncio.ensure_future(self._send(conversation, to)))

    async def _send(self, conversation: str, to: PhoneKey) -> bool:
        call, numbers = await self.calls.of_conversation(conversation), numbers_of(self.practice, to)
        if call is None or call.kind != "twilio" or not numbers:
            return False
        transfer = await self.calls.hand_over(call.call_sid, again=self.again)
        if transfer is None:
            return False
        action = action_of(self.public_url, to, dialed=1, transfer=transfer)
        try:
            taken = await self.telephone.update(call.call_sid, twiml.ring(numbers[0], action=action))
        except ServiceError as failure:
            log.warning("transfer_failed %s", failure)
            await self.calls.keep(call.call_sid)
            raise
        if not taken:
            await self.calls.keep(call.call_sid)
        return taken
