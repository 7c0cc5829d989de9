// The URL of the API is in this page's own: http://localhost:8080/?url=ws://localhost:3001/dev

const url = new URLSearchParams(location.search).get('url') ?? 'ws://localhost:3001/dev';
const status = document.querySelector('output');
const [messages, members] = document.querySelectorAll('ul');
const [enter, say] = document.querySelectorAll('form');
let socket;
let room;

enter.onsubmit = async (event) => {
  event.preventDefault();
  room = enter.elements.room.value;
  const { token } = await (await fetch(`/login?user=${encodeURIComponent(enter.elements.user.value)}`)).json();
  socket?.close();
  messages.replaceChildren();
  // A browser cannot send a header with a WebSocket.
  socket = new WebSocket(`${url}?token=${token}`);
  socket.onopen = () => send({ action: 'join' });
  socket.onclose = () => { status.value = 'closed'; };
  socket.onmessage = ({ data }) => receive(JSON.parse(data));
};

say.onsubmit = (event) => {
  event.preventDefault();
  send({ action: 'say', data: say.elements.text.value });
  say.reset();
};

function send(message) {
  socket.send(JSON.stringify({ room, ...message }));
}

function receive(frame) {
  if (frame.type === 'ack' && frame.action === 'join') {
    status.value = 'open';
    document.querySelector('main').hidden = false;
    send({ action: 'who' });
  }
  if (frame.type === 'members') { members.replaceChildren(...frame.members.map(({ userId }) => item(userId))); }
  if (frame.type === 'message') { messages.append(item(`${frame.fromUserId}: ${frame.data}`)); }
  if (frame.type === 'error') { status.value = frame.message; }
  if (frame.type === 'presence') {
    messages.append(item(`${frame.userId} has ${frame.event}`, 'presence'));
    send({ action: 'who' });
  }
}

function item(text, name = '') {
  const element = document.createElement('li');
  element.className = name;
  element.textContent = text;
  return element;
}
