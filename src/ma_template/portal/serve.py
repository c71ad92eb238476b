"""`ma-lint serve`: starts the service with uvicorn, in one process or several."""

from __future__ import annotations

import os
import signal
import tempfile

from fastapi import FastAPI

from ma_template.portal import logs
from ma_template.portal.settings import Settings

_SETTINGS = "MA_LINT_PORTAL_SETTINGS"  # how the settings reach the workers; they hold names of secrets, never secrets
_COUNTS = "PROMETHEUS_MULTIPROC_DIR"


def serve(settings: Settings) -> int:
    """Serve until the process is told to stop (SIGTERM, SIGINT). Requests under way are finished.

    Returns:
        The exit status: 0 after a stop, 2 where the service could not start (its log says why).
    """
    import uvicorn

    several = settings.workers > 1
    with tempfile.TemporaryDirectory(prefix="ma-lint-serve-") as shared:
        os.environ[_SETTINGS] = settings.model_dump_json(exclude_unset=True)
        if several:
            os.environ.setdefault(_COUNTS, shared)
        from ma_template.portal.protocol import BoundedProtocol

        # uvicorn sends itself the signal once more when all is finished, which would end us as if killed by it.
        signal.signal(signal.SIGTERM, lambda *_: None)
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


def application() -> FastAPI:
    """Return the application of one worker."""
    from ma_template.portal.app import create_app

    return create_app(Settings.model_validate_json(os.environ.get(_SETTINGS, "{}")))
