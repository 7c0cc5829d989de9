import json
import logging
import os
import time

import boto3

client = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["WEBSOCKET_CALLBACK_URL"])


def main(event, context):
    """Does a job, and tells who asked for it how far it is. A client that leaves does not stop the job."""
    job, steps, connection_id = event["job"], event["steps"], event["connectionId"]
    for step in range(1, steps + 1):
        work()
        tell(connection_id, {"type": "progress", "job": job, "step": step, "steps": steps})
    tell(connection_id, {"type": "done", "job": job, "result": f"{steps} steps"})


def work() -> None:
    """Your work. This example waits."""
    time.sleep(0.1)


def tell(connection_id: str, message: dict) -> None:
    try:
        client.post_to_connection(ConnectionId=connection_id, Data=json.dumps(message))
    except client.exceptions.GoneException:
        logging.info("the client has left")
