import json
import os
import uuid

import boto3

client = boto3.client("lambda")

MOST_STEPS = 100


def main(event, context):
    """`{"action": "submit", "steps": 5}` begins a job. The answer names it; how far it is comes in messages of their own."""
    steps = json.loads(event["body"]).get("steps")
    if not isinstance(steps, int) or isinstance(steps, bool) or not 1 <= steps <= MOST_STEPS:
        return answer(400, {"type": "error", "message": f"`steps` has to be a number from 1 to {MOST_STEPS}"})
    job = {"job": str(uuid.uuid4()), "steps": steps, "connectionId": event["requestContext"]["connectionId"]}
    # Lambda accepts it and answers at once.
    client.invoke(FunctionName=os.environ["WORKER"], InvocationType="Event", Payload=json.dumps(job))
    return answer(202, {"type": "accepted", "job": job["job"], "steps": steps})


def answer(status: int, body: dict) -> dict:
    return {"statusCode": status, "body": json.dumps(body)}
