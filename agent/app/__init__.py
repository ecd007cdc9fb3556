"""The composition root: settings -> adapters -> graph -> web. The only place that names all parts.

Two steps, because models are slow to load and shared while data folders come and go: `load_models`, then `open_house`.
`web` puts an open house on an address.
"""

from agent.app.folder import Folder, read_folder, require_reviewed
from agent.app.house import Adapters, House, open_house, open_kept
from agent.app.models import Models, load_models, open_knowledge
from agent.app.serving import web

__all__ = [
    "Adapters",
    "Folder",
    "House",
    "Models",
    "load_models",
    "open_house",
    "open_kept",
    "open_knowledge",
    "read_folder",
    "require_reviewed",
    "web",
]
