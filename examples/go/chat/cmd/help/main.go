package main

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

const usage = `{"help": "send messages like this one", "example": {"action": "sendMessage", "data": "what everybody is to read"}}`

// Answers what no other route takes.
func main() {
	lambda.Start(func(context.Context, events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
		return events.APIGatewayProxyResponse{StatusCode: 200, Body: usage}, nil
	})
}
