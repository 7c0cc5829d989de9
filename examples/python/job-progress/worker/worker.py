import json
import logging
import os
import time

import boto3

connections = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["WEBSOCKET_CALLBACK_URL"])
functions = boto3.client("lambda")


def main(event, context):
    """Does a job, and tells who asked for it, and who follows it, how far it is. A client that leaves does not stop the job."""
    job, steps, connection_id = event["job"], event["steps"], event["connectionId"]
    for step in range(1, steps + 1):
        work()
        report(job, connection_id, {"type": "progress", "job": job, "step": step, "steps": steps})
    report(job, connection_id, {"type": "done", "job": job, "result": f"{steps} steps"})


def work() -> None:
    """Your work. This example waits."""
    time.sleep(0.1)


def report(job: str, connection_id: str, message: dict) -> None:
    tell(connection_id, message)
    tell_followers(job, connection_id, message)


def tell(connection_id: str, message: dict) -> None:
    try:
        connections.post_to_connection(ConnectionId=connection_id, Data=json.dumps(message))
    except connections.exceptions.GoneException:
        logging.info("the client has left")


def tell_followers(job: str, but: str, message: dict) -> None:
    """To the members of the job's group. It waits until all are told: what comes next must not overtake it."""
    event = {"action": "sendToGroup", "group": f"job:{job}", "data": message, "excluded": [but]}
    answer = functions.invoke(FunctionName=os.environ["WEBSOCKET_BROADCASTER"], Payload=json.dumps(event))
    if "FunctionError" in answer:
        logging.error("the followers were not told: %s", answer["Payload"].read().decode())
