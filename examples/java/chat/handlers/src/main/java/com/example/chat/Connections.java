package com.example.chat;

import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The table of connections. */
final class Connections {
    private static final String TABLE = System.getenv("CONNECTIONS_TABLE");

    private final DynamoDbClient client = DynamoDbClient.create();

    void add(String connectionId) {
        client.putItem((request) -> request.tableName(TABLE).item(key(connectionId)));
    }

    void remove(String connectionId) {
        client.deleteItem((request) -> request.tableName(TABLE).key(key(connectionId)));
    }

    /** The ids of all connections; further pages are read on the way. */
    Stream<String> all() {
        return client.scanPaginator((request) -> request.tableName(TABLE).projectionExpression("connectionId"))
                .items().stream()
                .map((item) -> item.get("connectionId").s());
    }

    private static Map<String, AttributeValue> key(String connectionId) {
        return Map.of("connectionId", AttributeValue.fromS(connectionId));
    }
}
