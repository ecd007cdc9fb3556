"""Operator settings from the environment or .env, prefix CARELINE_. No practice facts, and no secret is ever printed."""

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.domain.errors import ConfigError


class Settings(BaseSettings):
    """Everything an operator may set. `careline check` lists it."""

    model_config = SettingsConfigDict(env_prefix="CARELINE_", env_file=".env", extra="ignore", frozen=True)

    practice: Path | None = Field(default=None, description="The practice folder; the demo practice without it")
    data_dir: Path = Field(default=Path(".data"), description="Where everything is kept")
    prompts: Path | None = Field(default=None, description="The folder of prompts and sentences; ours without it")
    data_key: SecretStr | None = Field(default=None, description="Encryption at rest; a key file is made without it")
    database_url: str | None = Field(default=None, description="PostgreSQL beyond one machine; SQLite without it")
    redis_url: str | None = Field(default=None, description="Fan-out beyond one process")
    public_url: str | None = Field(default=None, description="The address patients and Twilio reach Careline at")
    openai_api_key: SecretStr | None = Field(default=None, description="Key of an OpenAI-compatible server")
    openai_base_url: str | None = Field(default=None, description="Address of an OpenAI-compatible server")
    openai_model: str | None = Field(default=None, description="Model there; several, in order, with commas between")
    openai_dearer_model: str | None = Field(default=None, description="Asked only when those are unsure")
    openai_prices: str | None = Field(default=None, description='Dollars a million tokens: {"model": [in, out]}')
    openai_seconds: float = Field(default=1.8, gt=0, le=30, description="Longest wait for models in a chat turn")
    openai_phone_seconds: float = Field(default=1.2, gt=0, le=5, description="The same on the phone")
    openai_phrasing: bool = Field(default=False, description="Whether the model may put answers into other words")
    openai_phrasing_seconds: float = Field(default=0.5, gt=0, le=5, description="Longest wait for those words")
    twilio_account_sid: str | None = Field(default=None, description="Twilio account")
    twilio_auth_token: SecretStr | None = Field(default=None, description="Checks the signature of Twilio's requests")
    twilio_api_url: str | None = Field(default=None, description="Another address of Twilio's API, for tests")
    phone_calls: int | None = Field(default=None, ge=1, le=500, description="Calls at a time; 4 a core without it")
    call_minutes: float = Field(default=30.0, gt=0, le=240, description="Longest call, in minutes")
    speech_to_text: str = Field(default="local", description="Who hears: local, or a Pipecat service, module:Class")
    speech_to_text_options: SecretStr | None = Field(default=None, description="Its options, a JSON object")
    text_to_speech: str = Field(default="local", description="Who speaks: local, or a Pipecat service, module:Class")
    text_to_speech_options: SecretStr | None = Field(default=None, description="Its options, a JSON object")
    turn_seconds: float = Field(default=10.0, gt=0, le=60, description="Deadline of one turn")


def read_settings(**given: Any) -> Settings:
    """Return the settings, what was given on the command line first. Raises ConfigError naming the variable."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as wrong:
        first = wrong.errors()[0]
        key = "CARELINE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigError(str(first["msg"]), key=key) from None


def shipped(name: str) -> Path:
    """Return the path of a folder that comes with Careline (`prompts`, `knowledge`), in a checkout or in a wheel."""
    package = Path(__file__).parent
    in_checkout = package.parent / name
    return in_checkout if in_checkout.is_dir() else package / "data" / name
