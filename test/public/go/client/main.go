// Connects, sends a message, and prints the answer.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/coder/websocket"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	connection, _, err := websocket.Dial(ctx, os.Args[1], nil)
	check(err)
	check(connection.Write(ctx, websocket.MessageText, []byte(os.Args[2])))
	_, answer, err := connection.Read(ctx)
	check(err)
	fmt.Println(string(answer))
	check(connection.Close(websocket.StatusNormalClosure, ""))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
