"""The settings of the portal hook: a TOML file, with secrets in environment variables only."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ma_template.config import Config

MIB = 1_048_576


class SettingsError(ValueError):
    """The settings make no sense. The message says where and what is expected, one fault after the other."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Part):
    """What one caller may ask for. Times are in seconds."""

    body_bytes: Annotated[int, Field(gt=0)] = Field(default=MIB, description="Largest body that is accepted.")
    body_seconds: Annotated[float, Field(gt=0)] = Field(default=10, description="Time for a body to arrive.")
    check_seconds: Annotated[float, Field(gt=0)] = Field(default=10, description="Time for one check.")
    requests_at_once: Annotated[int, Field(gt=0)] = Field(
        default=200, description="Requests under way in one worker; further ones get 503 with Retry-After."
    )
    retry_after: Annotated[int, Field(gt=0)] = Field(default=2, description="What Retry-After says.")
    shutdown_seconds: Annotated[int, Field(gt=0)] = Field(
        default=30, description="Time for requests under way to finish when the service is stopped."
    )


def _pointer(pointer: str) -> str:
    if pointer and not pointer.startswith("/"):
        raise ValueError("a JSON Pointer (RFC 6901) begins with a slash, as /issue/comment/body")
    return pointer


def _one_or_more(pointers: Any) -> Any:
    return (pointers,) if isinstance(pointers, str) else pointers


Pointer = Annotated[str, AfterValidator(_pointer)]
SrField = Literal[
    "opened", "severity", "problem", "business_impact", "workaround", "milestone_dates", "earlier_requests"
]
Header = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,100}$")]


class Hook(_Part):
    """How a ticket system's webhook is proved and read. Pointers are JSON Pointers (RFC 6901) into its payload."""

    text: Annotated[tuple[Pointer, ...], Field(min_length=1), BeforeValidator(_one_or_more)] = Field(
        description="Where the text stands; of several the first that holds one."
    )
    sr: Pointer | None = Field(default=None, description="Where the number of the service request stands.")
    sr_fields: dict[SrField, Pointer] = Field(
        default={}, description="Where the SR's own fields stand, by name: they are judged beside the text."
    )
    updated: Pointer | None = Field(
        default=None, description="Where the time of the update stands: the text is judged at that day, else today."
    )
    language: Pointer | None = Field(
        default=None, description="Where the requester's language stands; without it the request's own is taken."
    )

    secret_env: str = Field(description="Environment variable with the secret.")
    signature: Literal["standard", "hmac-sha256"] = Field(
        default="standard", description="Standard Webhooks, or a plain HMAC-SHA256 in a header."
    )
    header: Header = Field(default="X-Signature", description="hmac-sha256: the header with the signature.")
    prefix: str = Field(default="", description="hmac-sha256: what stands before it in the header, as sha256=.")
    encoding: Literal["hex", "base64"] = Field(default="hex", description="hmac-sha256: how it is written.")
    signed: Annotated[str, Field(pattern=r"^[^{}]*(\{timestamp\}[^{}]*)?\{body\}[^{}]*$")] = Field(
        default="{body}", description="hmac-sha256: what is signed, as {timestamp}.{body}."
    )
    timestamp_header: Header | None = Field(default=None, description="hmac-sha256: the header with the time.")
    timestamp: Pointer | None = Field(default=None, description="hmac-sha256: where the time stands in the payload.")
    tolerance: Annotated[int, Field(gt=0, le=3600)] = Field(
        default=300, description="How many seconds the signed time may lie from now."
    )

    reject_on: Literal["error", "warning"] = Field(
        default="error", description="Findings from this severity on lead to the decision reject."
    )
    comments: Path | None = Field(
        default=None, description="Folder with own templates of the comment: comment.en.txt.j2, comment.ja.txt.j2."
    )
    check: dict[str, Any] = Field(default={}, description="Settings of the check that differ for this hook.")

    @model_validator(mode="after")
    def _replays_can_be_told(self) -> Hook:
        if self.signature == "standard":
            if self.tolerance > 300:
                raise ValueError("Standard Webhooks allows a tolerance of at most 300 seconds")
        elif (self.timestamp_header is None) == (self.timestamp is None):
            raise ValueError("give timestamp_header or timestamp: without a signed time replays cannot be told")
        elif ("{timestamp}" in self.signed) != (self.timestamp_header is not None):
            raise ValueError("signed holds {timestamp} exactly where timestamp_header is given")
        return self

    @property
    def secret(self) -> str:
        """Return the secret, empty where the environment has none."""
        return os.environ.get(self.secret_env, "")

    def configured(self, base: Config) -> Config:
        """Return the settings of this hook's checks."""
        return Config.model_validate({**base.model_dump(exclude_unset=True), **self.check}) if self.check else base


def _origin(origin: str) -> str:
    scheme, _, rest = origin.partition("://")
    if origin != "*" and (scheme not in ("http", "https") or not rest or "/" in rest):
        raise ValueError("an origin is a scheme and a host, as https://portal.example.com")
    return origin


class Settings(_Part):
    """Everything `ma-lint serve` can be told. The command line wins over the file."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    root_path: Annotated[str, Field(pattern=r"^(/[\w.~-]+)*$")] = Field(
        default="", description="The path under which a reverse proxy shows the service."
    )
    page: bool = Field(default=True, description="Show the page at / and the demo at /demo.")
    token_env: str = Field(
        default="MA_LINT_TOKEN", description="Environment variable with the bearer token; unset: none is asked for."
    )
    origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = Field(
        default=(), description="Other sites whose pages may call the service (CORS)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    limits: Limits = Limits()
    check: Config = Field(default=Config(), description="Settings of every check; a request may set its own.")

    hooks: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")], Hook] = Field(
        default={}, description="Webhooks by name: POST /v1/hooks/NAME."
    )
    state: Path | None = Field(
        default=None, description="Folder in which answered webhooks are remembered; without it a temporary one."
    )

    @property
    def token(self) -> str | None:
        """Return the bearer token, None where none is asked for."""
        return os.environ.get(self.token_env) or None


def load(path: str | Path | None, **overrides: Any) -> Settings:
    """Return the settings of a file (None: the defaults) with what the command line says.

    Raises:
        SettingsError: the file cannot be read, is no TOML, or a setting makes no sense.
    """
    given: dict[str, Any] = {}
    if path is not None:
        try:
            given = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(f"{path}: {error.strerror or 'cannot be read'}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: {error}") from None
    try:
        settings = Settings.model_validate({**given, **overrides})
        for hook in settings.hooks.values():
            hook.configured(settings.check)
    except ValidationError as error:
        raise SettingsError("; ".join(_told(fault, path) for fault in error.errors(include_url=False))) from None
    for name, hook in settings.hooks.items():
        if not hook.secret:
            raise SettingsError(f"{path}: hooks.{name}: the environment variable {hook.secret_env} holds no secret")
    beside = Path(path or ".").parent
    hooks = {
        name: hook.model_copy(update={"comments": hook.comments and beside / hook.comments})
        for name, hook in settings.hooks.items()
    }
    return settings.model_copy(update={"hooks": hooks, "state": settings.state and beside / settings.state})


def _told(fault: Any, path: str | Path | None) -> str:
    where = ".".join(str(step) for step in fault["loc"]) or "settings"
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        message = "there is no such setting" + _meant(fault["loc"])
    return f"{f'{path}: ' if path else ''}{where}: {message}"


def _meant(steps: tuple[int | str, ...]) -> str:
    from difflib import get_close_matches

    model: Any = Settings
    for step in steps[:-1]:
        model = model.model_fields[step].annotation if step in getattr(model, "model_fields", {}) else None
    known = list(getattr(model, "model_fields", {}))
    near = get_close_matches(str(steps[-1])[:40], known, 1)
    return f"; did you mean {near[0]}?" if near else ""
