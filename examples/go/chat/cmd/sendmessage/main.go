package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"os"
	"sync"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"

	"chat/connections"
)

type handler struct {
	table *connections.Table
	api   *apigatewaymanagementapi.Client
}

// {"action": "sendMessage", "data": "…"} goes to everybody who is connected.
func (h *handler) handle(ctx context.Context, event events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	var said struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal([]byte(event.Body), &said); err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	message, err := json.Marshal(map[string]any{"from": event.RequestContext.ConnectionID, "data": said.Data})
	if err != nil {
		return events.APIGatewayProxyResponse{}, err
	}
	err = h.table.Each(ctx, func(connectionIDs []string) {
		var posts sync.WaitGroup
		for _, connectionID := range connectionIDs {
			posts.Add(1)
			go func() {
				defer posts.Done()
				// Whoever cannot be reached does not keep the message from the others.
				if err := h.post(ctx, connectionID, message); err != nil {
					log.Printf("cannot post to %s: %v", connectionID, err)
				}
			}()
		}
		posts.Wait()
	})
	return events.APIGatewayProxyResponse{StatusCode: 200}, err
}

func (h *handler) post(ctx context.Context, connectionID string, message []byte) error {
	_, err := h.api.PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: &connectionID, Data: message})
	var gone *types.GoneException
	if errors.As(err, &gone) {
		// $disconnect is best effort: a connection may be gone without it.
		return h.table.Remove(ctx, connectionID)
	}
	return err
}

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	h := &handler{
		table: connections.New(settings),
		api: apigatewaymanagementapi.NewFromConfig(settings, func(options *apigatewaymanagementapi.Options) {
			options.BaseEndpoint = aws.String(os.Getenv("WEBSOCKET_CALLBACK_URL"))
		}),
	}
	lambda.Start(h.handle)
}
