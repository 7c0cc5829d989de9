// The URL of the API is in this page's own: http://localhost:8080/?url=ws://localhost:3001/dev

const url = new URLSearchParams(location.search).get('url') ?? 'ws://localhost:3001/dev';
const status = document.querySelector('output');
const form = document.querySelector('form');
const { question, stop } = form.elements;
const ask = form.querySelector('button');
let socket;
let current;
let asked = 0;

/** One answer, which grows. */
class Answer {
  id = String(++asked);
  #chunks = [];
  #shown = 0;
  #length = Infinity;
  #name;
  #text = document.createElement('p');
  #note = document.createElement('small');

  constructor(text) {
    const article = document.createElement('article');
    const title = document.createElement('h2');
    title.textContent = text;
    this.#text.dataset.state = 'answering';
    article.append(title, this.#text, this.#note);
    document.querySelector('main').prepend(article);
  }

  receive(frame) {
    // Lambda may have called the function twice for one question: the first answer counts.
    if (frame.answer !== (this.#name ??= frame.answer)) { return; }
    if (frame.type === 'error') { finish(frame.message); }
    if (frame.type === 'chunk') { this.#chunks[frame.index] = frame.text; }
    if (frame.type === 'end') { this.#length = frame.chunks; }
    for (; this.#shown in this.#chunks; this.#shown++) { this.#text.append(this.#chunks[this.#shown]); }
    if (this.#shown === this.#length) { finish(frame.stopReason === 'max_tokens' ? 'cut off: the answer is as long as it may be' : ''); }
  }

  finish(note) {
    this.#text.dataset.state = 'finished';
    this.#note.textContent = note;
  }
}

form.onsubmit = (event) => {
  event.preventDefault();
  const text = question.value;
  form.reset();
  const answer = current = new Answer(text);
  ask.disabled = true;
  stop.disabled = false;
  whenOpen(() => socket.send(JSON.stringify({ action: 'ask', id: answer.id, question: text })));
};

// Closing the connection is how a client says that it wants no more: the next post answers 410, and the function cancels the answer.
stop.onclick = () => {
  finish('stopped');
  socket.close();
};

function finish(note) {
  current?.finish(note);
  current = undefined;
  ask.disabled = false;
  stop.disabled = true;
}

/** API Gateway closes a connection after ten minutes without a message, so there may be none when somebody asks. */
function whenOpen(then) {
  if (socket?.readyState === WebSocket.OPEN) {
    then();
    return;
  }
  const opened = socket = new WebSocket(url);
  opened.onopen = () => {
    status.value = 'open';
    then();
  };
  opened.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    if (frame.id === current?.id) {
      current?.receive(frame);
    } else if (frame.type === undefined) {
      // Of API Gateway itself: the route is throttled, or Lambda has not taken the message.
      finish(frame.message);
    }
  };
  opened.onclose = () => {
    // A stopped answer's connection may close when the next one is open.
    if (socket !== opened) { return; }
    status.value = 'closed';
    finish('the connection was lost: ask again');
  };
}
