import pytest
from aws_cdk import App
from aws_cdk.assertions import Match, Template

from chat_stack import ChatStack


@pytest.fixture(scope="module")
def template() -> Template:
    return Template.from_stack(ChatStack(App(), "Chat"))


@pytest.mark.parametrize("route_key", ["$connect", "$disconnect", "$default", "sendMessage"])
def test_route(template: Template, route_key: str) -> None:
    template.has_resource_properties("AWS::ApiGatewayV2::Route", {"RouteKey": route_key})


def test_there_are_no_other_routes(template: Template) -> None:
    template.resource_count_is("AWS::ApiGatewayV2::Route", 4)


def test_the_stage_is_deployed_whenever_the_api_changes(template: Template) -> None:
    template.has_resource_properties("AWS::ApiGatewayV2::Stage", {"StageName": "dev", "AutoDeploy": True})


def test_the_handlers_know_where_to_post(template: Template) -> None:
    template.has_resource_properties(
        "AWS::Lambda::Function",
        {
            "Handler": "send_message.main",
            "Environment": {"Variables": {"WEBSOCKET_CALLBACK_URL": Match.any_value(), "CONNECTIONS_TABLE": Match.any_value()}},
        },
    )
