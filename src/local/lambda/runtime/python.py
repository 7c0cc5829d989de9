"""Runs a Python handler as Lambda does: a client of the Lambda Runtime API. Started as `python -B python.py [<folder of the layers>]`."""
import importlib
import importlib.abc
import importlib.machinery
import json
import logging
import os
import socket
import sys
import time
import traceback

RUNTIME = '/2018-06-01/runtime/'
#: What Lambda's runtime carries beside the standard library.
CARRIED = {'boto3', 'botocore', 's3transfer', 'jmespath', 'dateutil', 'six', 'urllib3'}


class Api:
    """One connection; an answer and the request for the next event go out together, as one write."""

    def __init__(self, address):
        self.address = address
        host, port = address.split(':')
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile('rb', 65536)

    def get(self, path):
        return f'GET {RUNTIME}{path} HTTP/1.1\r\nHost: {self.address}\r\n\r\n'.encode()

    def post(self, path, body, content_type='application/json'):
        head = f'POST {RUNTIME}{path} HTTP/1.1\r\nHost: {self.address}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n'
        return head.encode() + body

    def post_error(self, path, error):
        return self.post(path, json.dumps(error).encode())

    def receive(self):
        if not self.stream.readline():
            os._exit(1)  # The gateway is gone.
        headers = {}
        while True:
            line = self.stream.readline().strip()
            if not line:
                break
            name, _, value = line.decode('latin-1').partition(':')
            headers[name.lower()] = value.strip()
        return headers, self.stream.read(int(headers.get('content-length', 0)))

    def next_event(self, answer=b''):
        self.socket.sendall(answer + self.get('invocation/next'))
        if answer:
            self.receive()
        return self.receive()


class Fault(Exception):
    """An error of Lambda itself."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.trace = list(trace)


class Context:
    identity = None
    client_context = None

    def __init__(self, headers):
        self.aws_request_id = headers['lambda-runtime-aws-request-id']
        self.invoked_function_arn = headers['lambda-runtime-invoked-function-arn']
        self.function_name = os.environ['AWS_LAMBDA_FUNCTION_NAME']
        self.function_version = os.environ['AWS_LAMBDA_FUNCTION_VERSION']
        self.memory_limit_in_mb = os.environ['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']
        self.log_group_name = os.environ['AWS_LAMBDA_LOG_GROUP_NAME']
        self.log_stream_name = os.environ['AWS_LAMBDA_LOG_STREAM_NAME']
        self._deadline = int(headers['lambda-runtime-deadline-ms'])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class CarriedPackages(importlib.abc.MetaPathFinder):
    """What Lambda carries is taken from the site packages of this Python, and nothing else is."""

    def __init__(self, folders):
        self.folders = folders

    def find_spec(self, name, path=None, target=None):
        if path is None and name in CARRIED:
            return importlib.machinery.PathFinder.find_spec(name, self.folders)
        return None


def set_up_path(code, layers):
    site = [path for path in sys.path if os.path.basename(path) in ('site-packages', 'dist-packages')]
    standard = [path for path in sys.path if path not in site and path.startswith((sys.base_prefix, sys.base_exec_prefix))]
    given = [path for path in os.environ.get('PYTHONPATH', '').split(os.pathsep) if path]
    version = os.environ['AWS_EXECUTION_ENV'].rpartition('python')[2]
    layered = [os.path.join(layers, 'python', 'lib', f'python{version}', 'site-packages'), os.path.join(layers, 'python')] if layers else []
    sys.path[:] = [code, *given, *layered, *standard]
    sys.meta_path.append(CarriedPackages(site))


def load(handler):
    try:
        module_name, function = handler.rsplit('.', 1)
    except ValueError as error:
        raise Fault('Runtime.MalformedHandlerName', f"Bad handler '{handler}': {error}")
    if module_name.split('.')[0] in sys.builtin_module_names:
        raise Fault('Runtime.BuiltInModuleConflict', f'Cannot use built-in module {module_name} as a handler module')
    try:
        module = importlib.import_module(module_name.replace('/', '.'))
    except ImportError as error:
        raise Fault('Runtime.ImportModuleError', f"Unable to import module '{module_name}': {error}")
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Fault('Runtime.UserCodeSyntaxError', f"Syntax error in module '{module_name}': {error}", trace)
    try:
        return getattr(module, function)
    except AttributeError:
        raise Fault('Runtime.HandlerNotFound', f"Handler '{function}' missing on module '{module_name}'")


def described(error, request_id=''):
    if isinstance(error, Fault):
        kind, trace = error.kind, error.trace
    else:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if frame.filename != __file__ and not frame.filename.startswith('<frozen importlib')]
        kind, trace = type(error).__name__, traceback.format_list(own)
    result = {'errorMessage': str(error), 'errorType': kind, 'requestId': request_id, 'stackTrace': trace}
    lines = [f'[ERROR] {kind}: {error}', *(['Traceback (most recent call last):', *trace] if trace else [])]
    print('\n'.join(line.rstrip('\n') for line in lines), flush=True)
    return result


def unmarshal(body):
    try:
        return json.loads(body)
    except ValueError as error:
        raise Fault('Runtime.UnmarshalError', f'Unable to unmarshal input: {error}')


def plain(value):
    """Numbers of DynamoDB are decimals, and Lambda takes them."""
    if type(value).__name__ == 'Decimal':
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f'Object of type {type(value).__name__} is not JSON serializable')


def marshal(result):
    if isinstance(result, bytes):
        return result, 'application/unknown'
    try:
        return json.dumps(result, default=plain, ensure_ascii=False).encode(), 'application/json'
    except Exception as error:
        raise Fault('Runtime.MarshalError', f'Unable to marshal response: {error}')


class Requests(logging.Filter):
    """Puts the id of the request into each line of the log."""

    current = ''

    def filter(self, record):
        record.aws_request_id = Requests.current
        return True


def set_up_logging():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding='utf-8', errors='backslashreplace', line_buffering=True)
    logging.Formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter('[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s', '%Y-%m-%dT%H:%M:%S'))
    handler.addFilter(Requests())
    logging.getLogger().addHandler(handler)


def main():
    api = Api(os.environ['AWS_LAMBDA_RUNTIME_API'])
    set_up_path(os.environ['LAMBDA_TASK_ROOT'], sys.argv[1] if len(sys.argv) > 1 else None)
    del sys.argv[1:]
    set_up_logging()
    try:
        handler = load(os.environ['_HANDLER'])
    except Exception as error:
        api.socket.sendall(api.post_error('init/error', described(error)))
        api.receive()
        sys.exit(1)

    headers, body = api.next_event()
    while True:
        request_id = Requests.current = headers['lambda-runtime-aws-request-id']
        os.environ['_X_AMZN_TRACE_ID'] = headers.get('lambda-runtime-trace-id', '')
        try:
            result, content_type = marshal(handler(unmarshal(body), Context(headers)))
            answer = api.post(f'invocation/{request_id}/response', result, content_type)
        except Exception as error:
            answer = api.post_error(f'invocation/{request_id}/error', described(error, request_id))
        sys.stdout.flush()
        sys.stderr.flush()
        headers, body = api.next_event(answer)


if __name__ == '__main__':
    main()
