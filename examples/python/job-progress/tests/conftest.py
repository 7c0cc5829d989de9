"""The app as it would be deployed, with its handlers, on this machine."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from aws_cdk import App

from job_stack import JobStack


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    app = App()
    JobStack(app, "Jobs")
    gateway = subprocess.Popen(
        ["cdk-websocket-api", "local", "--app", app.synth().directory, "--port", "0", "--json"],
        # The handlers run on this Python, which has boto3.
        env={**os.environ, "VIRTUAL_ENV": sys.prefix},
        stdout=subprocess.PIPE,
        text=True,
        # The command starts Node.js: what ends it has to reach both.
        start_new_session=True,
    )
    started = json.loads(gateway.stdout.readline())
    yield started["apis"][0]["url"]
    os.killpg(gateway.pid, signal.SIGTERM)
    gateway.communicate()
