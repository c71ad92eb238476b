"""`ma-lint serve`: starts the service with uvicorn, in one process or several."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

from starlette.types import ASGIApp

from ma_template.portal import logs
from ma_template.portal.hooks import prepared
from ma_template.portal.settings import Settings, SettingsError

_SETTINGS = "MA_LINT_PORTAL_SETTINGS"  # how the settings reach the workers; they hold names of secrets, never secrets
_MEMORY = "MA_LINT_PORTAL_MEMORY"
_COUNTS = "PROMETHEUS_MULTIPROC_DIR"


def serve(settings: Settings) -> int:
    """Serve until the process is told to stop (SIGTERM, SIGINT). Requests under way are finished.

    Returns:
        The exit status: 0 after a stop, 2 where the service could not start (its log says why).

    Raises:
        SettingsError: a folder, a hook's secret or a template cannot be used.
    """
    import uvicorn

    _allow_many_connections()
    several = settings.workers > 1
    with tempfile.TemporaryDirectory(prefix="ma-lint-serve-") as shared:
        memory, counts = settings.state or Path(shared, "answered"), Path(shared, "counts")
        try:
            for folder in (memory, counts):
                folder.mkdir(parents=True, exist_ok=True)
            prepared(settings, memory)  # what is wrong with a secret or a template is told now, not by a worker
        except OSError as error:
            raise SettingsError(f"state: {error.strerror}") from None
        os.environ[_SETTINGS] = settings.model_dump_json(exclude_unset=True)
        os.environ[_MEMORY] = str(memory)
        if several:
            os.environ.setdefault(_COUNTS, str(counts))
        from ma_template.portal.protocol import BoundedProtocol

        # uvicorn sends itself the signal once more when all is finished, which would end us as if killed by it.
        signal.signal(signal.SIGTERM, lambda *_: None)
        if hasattr(signal, "SIGHUP") and not several:  # several workers are replaced by it, one would be killed
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            uvicorn.run(
                "ma_template.portal.serve:application",
                factory=True,
                host=settings.host,
                port=settings.port,
                workers=settings.workers,
                root_path=settings.root_path,
                http=BoundedProtocol,
                ws="none",
                lifespan="on",
                log_config=logs.configuration(settings.log_level),
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=settings.limits.shutdown_seconds,
            )
        except SystemExit as stopped:
            return 2 if stopped.code else 0
        except KeyboardInterrupt:
            return 0
    return 0


def _allow_many_connections() -> None:
    """Raise the soft limit on open files, often 1,024, to the hard one: every connection takes a file."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def application() -> ASGIApp:
    """Return the application of one worker."""
    from ma_template.portal.app import create_app

    memory = os.environ.get(_MEMORY)
    return create_app(Settings.model_validate_json(os.environ.get(_SETTINGS, "{}")), Path(memory) if memory else None)
