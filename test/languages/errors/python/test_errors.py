import json
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk.aws_lambda import Code, Function, Runtime
from aws_cdk.aws_s3 import Bucket
from cdk_websocket_api import AccessLog, Authorization, CustomDomain, Dns, Permissions, Route, StageSource, WebSocketApi

CASES = {case["name"]: case["message"] for case in json.loads(Path("cases.json").read_text(encoding="utf-8"))}

INPUTS = {}


def wrong_input(name):
    """The decorated function makes the mistake of that name."""
    return lambda make: INPUTS.setdefault(name, make)


@wrong_input("unknown route key")
def _(stack, existing):
    WebSocketApi(stack, "Api", routes={"$foo": Route.to_function(existing)})


@wrong_input("route key twice")
def _(stack, existing):
    WebSocketApi(
        stack,
        "Api",
        routes={"sendMessage": Route.to_function(existing), " sendMessage ": Route.to_function(existing)},
    )


@wrong_input("handler that is not there")
def _(stack, existing):
    WebSocketApi(stack, "Api", routes={"$default": Route.to_handler("src/missing.main")})


@wrong_input("handler that does not parse")
def _(stack, existing):
    WebSocketApi(stack, "Api", routes={"$default": Route.to_handler("src/broken.main")})


@wrong_input("unknown grant method")
def _(stack, existing):
    Permissions.grant(Bucket(stack, "Bucket"), "grantFly")


@wrong_input("access log without request id")
def _(stack, existing):
    AccessLog.format("$context.status")


@wrong_input("domain in upper case")
def _(stack, existing):
    CustomDomain.from_name("API.domain.com")


@wrong_input("external DNS without certificate")
def _(stack, existing):
    CustomDomain.from_name("api.domain.com", dns=Dns.external())


@wrong_input("stage name with a space")
def _(stack, existing):
    WebSocketApi(
        stack,
        "Api",
        routes={"$default": Route.to_function(existing)},
        stage=StageSource.from_options(stage_name="my stage"),
    )


@wrong_input("authorization without a $connect route")
def _(stack, existing):
    WebSocketApi(stack, "Api", routes={"$default": Route.to_function(existing)}, authorization=Authorization.iam())
    stack.node.root.synth()


@pytest.mark.parametrize("name", CASES)
def test_the_sentence_of_the_construct_reaches_the_user(name):
    stack = Stack(App(), "Test")
    existing = Function(
        stack,
        "Existing",
        code=Code.from_inline("exports.main = async () => ({})"),
        handler="index.main",
        runtime=Runtime.NODEJS_24_X,
    )
    with pytest.raises(RuntimeError) as error:
        INPUTS[name](stack, existing)
    assert CASES[name] in str(error.value)
