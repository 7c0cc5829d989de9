import json


def main(event, context):
    """Answers what no other route takes."""
    usage = {"action": "sendMessage", "data": "what everybody is to read"}
    return {"statusCode": 200, "body": json.dumps({"help": "send messages like this one", "example": usage})}
