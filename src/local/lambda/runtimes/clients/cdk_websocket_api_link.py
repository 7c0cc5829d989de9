"""How `python.py` gets its events: as frames, or from the Lambda Runtime API.

The name is long because a function's own modules must not be called so.
"""
import _thread
import json
import os
import socket
import struct

RUNTIME = '/2018-06-01/runtime/'


class Event:
    def __init__(self, request_id, deadline, function_arn, trace_id, body):
        self.request_id = request_id
        self.deadline = deadline
        self.function_arn = function_arn
        self.trace_id = trace_id
        self.body = body


class Frames:
    """Frames on a socket that is the descriptor 3: see `runtime-frames.ts`."""

    SOCKET = 3

    def __init__(self):
        os.set_inheritable(self.SOCKET, False)
        # A function may change these.
        self._read, self._write = os.read, os.write

    def next(self, answer=None):
        if answer is None:
            self._send(b'n', b'')
        else:
            request_id, body, is_error = answer
            self._send(b'e' if is_error else b'r', body)
        line, _, body = self._frame().partition(b'\n')
        return Event(*json.loads(line)[:4], body)

    def begin(self):
        """Waits for the folder of the code, in a process that was started ahead."""
        return self._frame().decode()

    def init_error(self, body):
        self._send(b'i', body)

    def _send(self, kind, body):
        rest = memoryview(struct.pack('<I', len(body) + 2) + kind + (b'\1' if is_quiet() else b'\0') + body)
        while rest:
            rest = rest[self._write(self.SOCKET, rest):]

    def _frame(self):
        return self._receive(struct.unpack('<I', self._receive(4))[0])

    def _receive(self, size):
        pieces = []
        while size:
            piece = self._read(self.SOCKET, size)
            if not piece:
                os._exit(1)  # The gateway has ended.
            pieces.append(piece)
            size -= len(piece)
        return b''.join(pieces)


def is_quiet():
    """Whether nothing runs while this thread waits, neither another thread nor a child."""
    if _thread._count() > 0:
        return False
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return True
    return False


class Http:
    """The Lambda Runtime API. One connection; an answer and the request for the next event go out together, as one write."""

    def __init__(self, address):
        self.address = address
        host, port = address.split(':')
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile('rb', 65536)

    def next(self, answer=None):
        request = f'GET {RUNTIME}invocation/next HTTP/1.1\r\nHost: {self.address}\r\n\r\n'.encode()
        if answer is None:
            self.socket.sendall(request)
        else:
            request_id, body, is_error = answer
            self.socket.sendall(self._post(f"invocation/{request_id}/{'error' if is_error else 'response'}", body) + request)
            self._receive()
        headers, body = self._receive()
        return Event(
            headers['lambda-runtime-aws-request-id'], int(headers['lambda-runtime-deadline-ms']), headers['lambda-runtime-invoked-function-arn'],
            headers.get('lambda-runtime-trace-id', ''), body)

    def init_error(self, body):
        self.socket.sendall(self._post('init/error', body))
        self._receive()

    def _post(self, path, body):
        return f'POST {RUNTIME}{path} HTTP/1.1\r\nHost: {self.address}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body

    def _receive(self):
        if not self.stream.readline():
            os._exit(1)  # The gateway has ended.
        headers = {}
        while True:
            line = self.stream.readline().strip()
            if not line:
                break
            name, _, value = line.decode('latin-1').partition(':')
            headers[name.lower()] = value.strip()
        return headers, self.stream.read(int(headers.get('content-length', 0)))
