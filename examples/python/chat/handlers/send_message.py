import json
import logging
import os
from concurrent.futures import ThreadPoolExecutor

import boto3
from connections import all_connections, remove_connection

client = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["WEBSOCKET_CALLBACK_URL"])


def main(event, context):
    """`{"action": "sendMessage", "data": "…"}` goes to everybody who is connected."""
    data = json.loads(event["body"]).get("data")
    message = json.dumps({"from": event["requestContext"]["connectionId"], "data": data})
    with ThreadPoolExecutor() as pool:
        for connection_id in all_connections():
            pool.submit(deliver, connection_id, message)
    return {"statusCode": 200}


def deliver(connection_id: str, message: str) -> None:
    try:
        post(connection_id, message)
    except Exception:
        # Whoever cannot be reached does not keep the message from the others.
        logging.exception("cannot post to %s", connection_id)


def post(connection_id: str, message: str) -> None:
    try:
        client.post_to_connection(ConnectionId=connection_id, Data=message)
    except client.exceptions.GoneException:
        # $disconnect is best effort: a connection may be gone without it.
        remove_connection(connection_id)
