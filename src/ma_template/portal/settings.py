"""The settings of the portal hook: a TOML file, with secrets in environment variables only."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

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
        return Settings.model_validate({**given, **overrides})
    except ValidationError as error:
        raise SettingsError("; ".join(_told(fault, path) for fault in error.errors(include_url=False))) from None


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
    near = get_close_matches(str(steps[-1]), known, 1)
    return f"; did you mean {near[0]}?" if near else ""
