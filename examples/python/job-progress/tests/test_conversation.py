import json

from websockets.sync.client import ClientConnection, connect


def read(client: ClientConnection) -> dict:
    return json.loads(client.recv(timeout=30))


def messages_of(client: ClientConnection, job: str) -> list[dict]:
    """All of one job, to its end."""
    messages = []
    while not messages or messages[-1]["type"] != "done":
        messages.append(read(client))
        assert messages[-1]["job"] == job
    return messages


def test_a_client_that_submits_a_job_is_told_of_each_step_and_of_the_end(url: str) -> None:
    with connect(url) as client:
        client.send(json.dumps({"action": "submit", "steps": 3}))
        accepted = read(client)
        assert accepted["type"] == "accepted"

        *steps, done = messages_of(client, accepted["job"])
        assert [(one["type"], one["step"]) for one in steps] == [("progress", 1), ("progress", 2), ("progress", 3)]
        assert done["result"] == "3 steps"


def test_who_follows_a_job_is_told_of_it_and_others_are_not(url: str) -> None:
    with connect(url) as client, connect(url) as follower, connect(url) as stranger:
        client.send(json.dumps({"action": "submit", "steps": 30}))
        job = read(client)["job"]
        follower.send(json.dumps({"action": "follow", "job": job}))
        assert read(follower) == {"type": "ack", "action": "follow", "group": f"job:{job}"}

        *steps, done = messages_of(follower, job)
        numbers = [one["step"] for one in steps]
        assert numbers == list(range(numbers[0], 31))
        assert done == messages_of(client, job)[-1]
        stranger.send(json.dumps({"action": "submit"}))
        assert read(stranger)["type"] == "error"


def test_who_asks_for_no_steps_is_told_what_to_send(url: str) -> None:
    with connect(url) as client:
        client.send(json.dumps({"action": "submit"}))
        assert read(client) == {"type": "error", "message": "`steps` has to be a number from 1 to 100"}


def test_a_client_that_leaves_does_not_keep_others_from_their_jobs(url: str) -> None:
    with connect(url) as leaving:
        leaving.send(json.dumps({"action": "submit", "steps": 2}))
        assert read(leaving)["type"] == "accepted"
    with connect(url) as client:
        client.send(json.dumps({"action": "submit", "steps": 1}))
        assert [one["type"] for one in messages_of(client, read(client)["job"])] == ["progress", "done"]
