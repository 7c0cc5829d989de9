// The URL of the API is in this page's own: http://localhost:8080/?url=ws://localhost:3001/dev; `&job=…` follows a job of somebody else.

const asked = new URLSearchParams(location.search);
const url = asked.get('url') ?? 'ws://localhost:3001/dev';
const status = document.querySelector('#status');
const form = document.querySelector('form');
const list = document.querySelector('ul');
const rows = new Map();

const socket = new WebSocket(url);
socket.onopen = () => {
  status.value = 'open';
  form.querySelector('button').disabled = false;
  if (asked.has('job')) { socket.send(JSON.stringify({ action: 'follow', job: asked.get('job') })); }
};
socket.onclose = () => {
  status.value = 'closed';
  form.querySelector('button').disabled = true;
};
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === 'error') {
    status.value = message.message;
    return;
  }
  if (message.job === undefined) { return; }
  const row = rowOf(message.job);
  if (message.steps) { row.bar.max = message.steps; }
  if (message.type === 'progress') {
    row.bar.value = message.step;
    row.text.textContent = `${message.step} of ${message.steps}`;
  } else {
    row.text.textContent = message.type === 'done' ? `done: ${message.result}` : message.type;
  }
};

form.onsubmit = (event) => {
  event.preventDefault();
  socket.send(JSON.stringify({ action: 'submit', steps: form.elements.steps.valueAsNumber }));
};

/** A message may come before the one that says that the job is accepted. */
function rowOf(job) {
  if (!rows.has(job)) {
    const row = { name: document.createElement('a'), bar: document.createElement('progress'), text: document.createElement('span') };
    row.name.textContent = job.slice(0, 8);
    row.name.href = `?${new URLSearchParams({ url, job })}`;
    row.name.title = 'Follow this job in another window';
    row.bar.value = 0;
    const item = document.createElement('li');
    item.append(row.name, row.bar, row.text);
    list.prepend(item);
    rows.set(job, row);
  }
  return rows.get(job);
}
