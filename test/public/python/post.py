"""Posts to a connection, looks at it, and closes it."""
import sys

import boto3

endpoint, connection_id = sys.argv[1:]
client = boto3.client('apigatewaymanagementapi', endpoint_url=endpoint, region_name='eu-west-1')
client.post_to_connection(ConnectionId=connection_id, Data=b'from boto3')
print(client.get_connection(ConnectionId=connection_id)['Identity']['SourceIp'])
client.delete_connection(ConnectionId=connection_id)
try:
    client.post_to_connection(ConnectionId=connection_id, Data=b'too late')
except client.exceptions.GoneException:
    print('gone')
