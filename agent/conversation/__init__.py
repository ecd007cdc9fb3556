"""The waist: every channel's turns go through here, one after another in a conversation, side by side across them.

    screen ─► mask ─► graph ─► unmask ─► keep ─► reply

`front_desk` opens conversations and lets their turns in, `turn` holds the order above, `failing` what is said when
something in it breaks. One deadline a turn.
"""

from agent.conversation.errors import ConversationEnded, QueueFull, UnknownConversation
from agent.conversation.front_desk import FrontDesk
from agent.conversation.parts import Parts

__all__ = ["ConversationEnded", "FrontDesk", "Parts", "QueueFull", "UnknownConversation"]
