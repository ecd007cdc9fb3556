"""What `careline check` has to say of the data key."""

from agent.settings import Settings
from agent.storage.keys import FILE, data_keys

_VARIED = 16
"""A random key of 32 bytes has about 30 different ones; an example or a typed one has few."""


def key_warnings(settings: Settings) -> list[str]:
    """Return one sentence for each thing an operator should mend before real patients call."""
    given = settings.data_key.get_secret_value() if settings.data_key else None
    file = settings.data_dir / FILE
    if given is None and not file.exists():
        return ["CARELINE_DATA_KEY is not set; the demo's way, a key file in the data folder, will be used"]
    keys = data_keys(settings.data_dir, given, sealed_before=True)
    said = []
    if given is None:
        said.append(
            f"the data is sealed with the key in {file}, as the demo's is: whoever copies the folder can read it; "
            "set CARELINE_DATA_KEY for real patients"
        )
    if any(len(set(key)) < _VARIED for key in keys):
        said.append("the data key is not random (an example, or typed by hand): `openssl rand -base64 32` makes one")
    if len(keys) > 1:
        said.append(f"{len(keys)} data keys are in use: run `careline records rotate`, then drop the older ones")
    return said
