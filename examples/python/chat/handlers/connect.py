from connections import add_connection


def main(event, context):
    add_connection(event["requestContext"]["connectionId"])
    return {"statusCode": 200}
