from connections import remove_connection


def main(event, context):
    remove_connection(event["requestContext"]["connectionId"])
    return {"statusCode": 200}
