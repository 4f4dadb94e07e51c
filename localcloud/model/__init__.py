"""One text model behind both clouds: a deterministic one, or any server that speaks OpenAI's chat completions."""

from localcloud.model.backend import Backend, Chat, Completion, End, Message, ModelError, StopReason, Usage
from localcloud.model.current import CurrentModel
from localcloud.model.tokens import count

__all__ = [
    "Backend",
    "Chat",
    "Completion",
    "CurrentModel",
    "End",
    "Message",
    "ModelError",
    "StopReason",
    "Usage",
    "count",
]
