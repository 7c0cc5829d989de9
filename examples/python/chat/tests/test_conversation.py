"""The app as it would be deployed, with its handlers, on this machine. The gateway makes the table in a DynamoDB that lives in this process."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from aws_cdk import App
from moto.server import ThreadedMotoServer
from websockets.sync.client import ClientConnection, connect

from chat_stack import ChatStack


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def url(dynamodb: str) -> Iterator[str]:
    app = App()
    ChatStack(app, "Chat")
    gateway = subprocess.Popen(
        ["cdk-websocket-api", "local", "--app", app.synth().directory, "--port", "0", "--json"],
        # The handlers run on this Python, which has boto3.
        env={**os.environ, "VIRTUAL_ENV": sys.prefix, "AWS_ENDPOINT_URL_DYNAMODB": dynamodb},
        stdout=subprocess.PIPE,
        text=True,
        # The command starts Node.js: what ends it has to reach both.
        start_new_session=True,
    )
    started = json.loads(gateway.stdout.readline())
    yield started["apis"][0]["url"]
    os.killpg(gateway.pid, signal.SIGTERM)
    gateway.communicate()


def send(client: ClientConnection, **message: str) -> None:
    client.send(json.dumps(message))


def read(client: ClientConnection) -> dict:
    return json.loads(client.recv(timeout=10))


def test_everybody_who_is_connected_reads_what_anybody_sends(url: str) -> None:
    with connect(url) as ann, connect(url) as bob:
        send(ann, action="sendMessage", data="hello")
        message = read(bob)
        assert message["data"] == "hello"
        assert read(ann) == message

        send(bob, action="sendMessage", data="hello, Ann")
        assert read(ann)["data"] == "hello, Ann"


def test_who_says_something_else_is_told_how_to_send_a_message(url: str) -> None:
    with connect(url) as client:
        send(client, action="shout")
        assert read(client)["example"]["action"] == "sendMessage"
