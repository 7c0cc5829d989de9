using Amazon.CDK;
using Chat;

var app = new App();
new ChatStack(app, "Chat");
app.Synth();
