from aws_cdk import App
from job_stack import JobStack

app = App()
JobStack(app, "Jobs")
app.synth()
