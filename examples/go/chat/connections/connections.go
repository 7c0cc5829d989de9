// Package connections is the table of those who are connected.
package connections

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type Table struct {
	client *dynamodb.Client
	name   *string
}

// New is a client of the table that the environment of the function names.
func New(settings aws.Config) *Table {
	return &Table{client: dynamodb.NewFromConfig(settings), name: aws.String(os.Getenv("CONNECTIONS_TABLE"))}
}

func (table *Table) Add(ctx context.Context, connectionID string) error {
	_, err := table.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: table.name, Item: key(connectionID)})
	return err
}

func (table *Table) Remove(ctx context.Context, connectionID string) error {
	_, err := table.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: table.name, Key: key(connectionID)})
	return err
}

// Each calls visit with the ids of a page of connections after the other: as many at a time as are posted to at once.
func (table *Table) Each(ctx context.Context, visit func(connectionIDs []string)) error {
	pages := dynamodb.NewScanPaginator(table.client, &dynamodb.ScanInput{
		TableName: table.name, ProjectionExpression: aws.String("connectionId"), Limit: aws.Int32(100),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		ids := make([]string, 0, len(page.Items))
		for _, item := range page.Items {
			if id, ok := item["connectionId"].(*types.AttributeValueMemberS); ok {
				ids = append(ids, id.Value)
			}
		}
		visit(ids)
	}
	return nil
}

func key(connectionID string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"connectionId": &types.AttributeValueMemberS{Value: connectionID}}
}
