package wronginputs

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
	ws "github.com/cdk-websocket-api/cdk-websocket-api-go/cdkwebsocketapi"
)

// What jsii and CDK put before the sentence.
var prefix = regexp.MustCompile(`^(Error: |ValidationFailedWithErrors: Validation failed with the following errors:\s+)`)

var inputs = map[string]func(awscdk.App, awscdk.Stack, awslambda.IFunction){
	"unknown route key": func(_ awscdk.App, stack awscdk.Stack, existing awslambda.IFunction) {
		api(stack, map[string]ws.Route{"$foo": ws.Route_ToFunction(existing, nil)})
	},
	"route key twice": func(_ awscdk.App, stack awscdk.Stack, existing awslambda.IFunction) {
		api(stack, map[string]ws.Route{
			"sendMessage":   ws.Route_ToFunction(existing, nil),
			" sendMessage ": ws.Route_ToFunction(existing, nil),
		})
	},
	"handler that is not there": func(_ awscdk.App, stack awscdk.Stack, _ awslambda.IFunction) {
		api(stack, map[string]ws.Route{"$default": ws.Route_ToHandler(jsii.String("src/missing.main"), nil)})
	},
	"handler that does not parse": func(_ awscdk.App, stack awscdk.Stack, _ awslambda.IFunction) {
		api(stack, map[string]ws.Route{"$default": ws.Route_ToHandler(jsii.String("src/broken.main"), nil)})
	},
	"unknown grant method": func(_ awscdk.App, stack awscdk.Stack, _ awslambda.IFunction) {
		ws.Permissions_Grant(awss3.NewBucket(stack, jsii.String("Bucket"), nil), jsii.String("grantFly"))
	},
	"access log without request id": func(awscdk.App, awscdk.Stack, awslambda.IFunction) {
		ws.AccessLog_Format(jsii.String("$context.status"), nil)
	},
	"domain in upper case": func(awscdk.App, awscdk.Stack, awslambda.IFunction) {
		ws.CustomDomain_FromName(jsii.String("API.domain.com"), nil)
	},
	"external DNS without certificate": func(awscdk.App, awscdk.Stack, awslambda.IFunction) {
		ws.CustomDomain_FromName(jsii.String("api.domain.com"), &ws.CustomDomainOptions{Dns: ws.Dns_External()})
	},
	"stage name with a space": func(_ awscdk.App, stack awscdk.Stack, existing awslambda.IFunction) {
		ws.NewWebSocketApi(stack, jsii.String("Api"), &ws.WebSocketApiProps{
			Routes: &map[string]ws.Route{"$default": ws.Route_ToFunction(existing, nil)},
			Stage:  ws.StageSource_FromOptions(&ws.WebSocketStageOptions{StageName: jsii.String("my stage")}),
		})
	},
	"authorization without a $connect route": func(app awscdk.App, stack awscdk.Stack, existing awslambda.IFunction) {
		ws.NewWebSocketApi(stack, jsii.String("Api"), &ws.WebSocketApiProps{
			Routes:        &map[string]ws.Route{"$default": ws.Route_ToFunction(existing, nil)},
			Authorization: ws.Authorization_Iam(),
		})
		app.Synth(nil)
	},
}

func TestMain(m *testing.M) {
	defer jsii.Close()
	m.Run()
}

// What the user reads is the construct's own sentence.
func TestSaysWhatIsWrong(t *testing.T) {
	cases := cases(t)
	if len(cases) != len(inputs) {
		t.Errorf("there are %d cases, and %d inputs", len(cases), len(inputs))
	}
	for name, message := range cases {
		t.Run(name, func(t *testing.T) {
			input, found := inputs[name]
			if !found {
				t.Fatal("there is no input of that name")
			}
			app := awscdk.NewApp(nil)
			stack := awscdk.NewStack(app, jsii.String("Test"), nil)
			existing := awslambda.NewFunction(stack, jsii.String("Existing"), &awslambda.FunctionProps{
				Code:    awslambda.Code_FromInline(jsii.String("exports.main = async () => ({})")),
				Handler: jsii.String("index.main"),
				Runtime: awslambda.Runtime_NODEJS_24_X(),
			})

			shown := panicOf(func() { input(app, stack, existing) })

			if sentence := prefix.ReplaceAllString(shown, ""); !strings.HasPrefix(sentence, message) {
				t.Errorf("%s\n\ndoes not start with\n\n%s", shown, message)
			}
		})
	}
}

func cases(t *testing.T) map[string]string {
	text, err := os.ReadFile("cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var table []struct{ Name, Message string }
	if err := json.Unmarshal(text, &table); err != nil {
		t.Fatal(err)
	}
	messages := map[string]string{}
	for _, each := range table {
		messages[each.Name] = each.Message
	}
	return messages
}

// panicOf returns what the app's user would read: a Go app ends with a panic where another language has an exception.
func panicOf(input func()) (message string) {
	defer func() { message = fmt.Sprint(recover()) }()
	input()
	return
}

func api(stack awscdk.Stack, routes map[string]ws.Route) {
	ws.NewWebSocketApi(stack, jsii.String("Api"), &ws.WebSocketApiProps{Routes: &routes})
}
