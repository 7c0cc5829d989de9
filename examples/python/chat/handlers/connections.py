import os
from collections.abc import Iterator

import boto3

TABLE_NAME = os.environ["CONNECTIONS_TABLE"]
client = boto3.client("dynamodb")


def add_connection(connection_id: str) -> None:
    client.put_item(TableName=TABLE_NAME, Item={"connectionId": {"S": connection_id}})


def remove_connection(connection_id: str) -> None:
    client.delete_item(TableName=TABLE_NAME, Key={"connectionId": {"S": connection_id}})


def all_connections() -> Iterator[str]:
    """The ids of all connections."""
    for page in client.get_paginator("scan").paginate(TableName=TABLE_NAME, ProjectionExpression="connectionId"):
        for item in page["Items"]:
            yield item["connectionId"]["S"]
