"""Schemathesis sends what OpenAPI allows, and what it does not, to every operation of the running service."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from portal.conftest import started

HERE = Path(__file__).parent
SETTINGS = """
[hooks.fuzz]
secret_env = "FUZZ"
signature = "hmac-sha256"
signed = "{timestamp}.{body}"
timestamp_header = "X-Time"
text = ["/text", ""]
updated = "/at"
language = "/lang"
"""


def test_no_failure_on_any_operation(tmp_path: Path) -> None:
    with started(tmp_path, SETTINGS, FUZZ="secret") as server:
        command = [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", str(HERE / "schemathesis.toml")),
            *("run", f"{server.url}/openapi.json"),
            *("--checks", "all", "--max-examples", "25", "--seed", "6", "--generation-database", "none"),
        ]
        surroundings = {**os.environ, "FUZZ": "secret", "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")}
        done = subprocess.run(
            command, env=surroundings, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        counted = re.search(r"(\d+) generated, \d+ passed", done.stdout) or re.search(r"(\d+) generated", done.stdout)
        assert counted
        assert int(counted[1]) > 500
        assert "Tested: 10" in done.stdout  # every operation
        answered = {(event["operation"], event["status"]) for event in server.events("request")}
        assert not [status for _, status in answered if status >= 500]
        assert ("/v1/hooks/{name}", 200) in answered
        assert not server.events("failed")
