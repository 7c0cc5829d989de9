"""Runs a Python handler as Lambda does.

Started as `python -B python.py {"layers":…,"lead":…,"carried":…,"frames":…,"isSpare":…}`: the folder of the layers, the hosts that the gateway
answers for, where boto3 and its like are, whether events come as frames or from the Runtime API, and whether the first frame says where the code is.
"""
import builtins
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import logging
import os
import re
import socket
import sys
import time
import traceback

# Where this file is, whatever the function's variables say.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cdk_websocket_api_link import Frames, Http

#: What Lambda's runtime carries beside the standard library.
CARRIED = {'boto3', 'botocore', 's3transfer', 'jmespath', 'dateutil', 'six', 'urllib3'}


class Fault(Exception):
    """An error of Lambda itself."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind = kind
        self.trace = list(trace)


class Context:
    identity = None
    client_context = None

    def __init__(self, event):
        self.aws_request_id = event.request_id
        self.invoked_function_arn = event.function_arn
        self.function_name = os.environ['AWS_LAMBDA_FUNCTION_NAME']
        self.function_version = os.environ['AWS_LAMBDA_FUNCTION_VERSION']
        self.memory_limit_in_mb = os.environ['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']
        self.log_group_name = os.environ['AWS_LAMBDA_LOG_GROUP_NAME']
        self.log_stream_name = os.environ['AWS_LAMBDA_LOG_STREAM_NAME']
        self._deadline = event.deadline

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class CarriedPackages(importlib.abc.MetaPathFinder):
    """What Lambda carries comes from the site packages, and nothing else does."""

    def __init__(self, folders):
        self.folders = folders

    def find_spec(self, name, path=None, target=None):
        if path is None and name in CARRIED:
            return importlib.machinery.PathFinder.find_spec(name, self.folders)
        return None


def set_up_path(code, layers, carried):
    site = [path for path in sys.path if os.path.basename(path) in ('site-packages', 'dist-packages')]
    standard = [path for path in sys.path if path not in site and path.startswith((sys.base_prefix, sys.base_exec_prefix))]
    given = [path for path in os.environ.get('PYTHONPATH', '').split(os.pathsep) if path]
    version = os.environ['AWS_EXECUTION_ENV'].rpartition('python')[2]
    layered = [os.path.join(layers, 'python', 'lib', f'python{version}', 'site-packages'), os.path.join(layers, 'python')] if layers else []
    sys.path[:] = [code, *given, *layered, *standard]
    sys.meta_path.append(CarriedPackages([*site, *carried]))


def lead_files(code, layers):
    """`/opt` and `/var/task` of Lambda are other folders here: paths that begin with them lead there, if this machine has no such file."""
    roots = [(root, folder) for root, folder in (('/opt', layers), ('/var/task', code)) if folder]

    def local(path):
        if isinstance(path, str) and path.startswith('/'):
            for root, folder in roots:
                if (path == root or path.startswith(root + '/')) and not exists(path):
                    return folder + path[len(root):]
        return path

    def changed(function):
        def call(path='.', *args, **kwargs):
            return function(local(path), *args, **kwargs)
        return call

    # What decides has to ask the system itself.
    lstat = os.lstat

    def exists(path):
        try:
            lstat(path)
        except (OSError, ValueError):
            return False
        return True

    builtins.open = changed(builtins.open)
    for name in ('stat', 'listdir', 'scandir', 'open', 'access'):
        setattr(os, name, changed(getattr(os, name)))

    find = importlib.machinery.FileFinder.path_hook(
        (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
        (importlib.machinery.SourceFileLoader, importlib.machinery.SOURCE_SUFFIXES),
    )

    def hook(path):
        if local(path) == path:
            raise ImportError(path)
        return find(local(path))

    sys.path_hooks.insert(0, hook)


def lead_to_gateway(hosts, port):
    """Leads connections to the hosts of the assembly to the gateway, and lets nothing leave that is signed with its credentials."""
    def is_led(host):
        return any(host.partition('.')[2] == name[2:] if name.startswith('*.') else host == name for name in hosts)

    def normal(host):
        return (host.decode('ascii', 'replace') if isinstance(host, bytes) else str(host or '')).lower().rstrip('.')

    getaddrinfo = socket.getaddrinfo
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def led_address(host, service, *args, **kwargs):
        return getaddrinfo('127.0.0.1', port, *args, **kwargs) if is_led(normal(host)) else getaddrinfo(host, service, *args, **kwargs)

    def led(address):
        return ('127.0.0.1', port) if isinstance(address, tuple) and is_led(normal(address[0])) else address

    socket.getaddrinfo = led_address
    socket.socket.connect = lambda self, address: connect(self, led(address))
    socket.socket.connect_ex = lambda self, address: connect_ex(self, led(address))

    key = os.environ['AWS_ACCESS_KEY_ID']
    endpoints = [re.sub(r'^\w+://|[:/].*', '', value) for name, value in os.environ.items() if re.match('AWS_ENDPOINT_URL(_|$)', name)]
    near = re.compile(
        r'localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?|[^.:]+|.+\.(local|internal|test)|10\..+|192\.168\..+|172\.(1[6-9]|2\d|3[01])\..+', re.I)

    def check(host, text):
        host = normal(host)
        if near.fullmatch(host) or is_led(host) or host in endpoints or key not in text:
            return
        service = next(label for label in host.split('.') if not re.fullmatch(r'fips|dualstack|\w+-\w+-\d', label))
        raise Fault('Runtime.RequestNotSent', (
            f'the request to {host} is signed with the credentials of the local gateway, which are good for nothing on AWS, and was not sent: '
            f'set `AWS_ENDPOINT_URL_{service.upper().replace("-", "_")}` in the env file to what stands in for it here, or sign with credentials of your own'))

    def guard(client):
        put_header, put_request = client.putheader, client.putrequest

        def checked_header(self, name, *values):
            check(self.host, ' '.join(value.decode('latin-1') if isinstance(value, bytes) else str(value) for value in values))
            return put_header(self, name, *values)

        def checked_request(self, method, url, *args, **kwargs):
            check(self.host, str(url))
            return put_request(self, method, url, *args, **kwargs)

        client.putheader, client.putrequest = checked_header, checked_request

    def guard_http_client(module):
        guard(module.HTTPConnection)

    def guard_botocore(module):
        send = module.URLLib3Session.send

        def checked_send(self, request):
            check(re.sub(r'^\w+://|[:/?].*', '', request.url), f"{request.url} {request.headers.get('Authorization', '')}")
            return send(self, request)

        module.URLLib3Session.send = checked_send

    # botocore connects before it sends, and tries again for seconds if that fails.
    sys.meta_path.insert(0, Guarded({'http.client': guard_http_client, 'botocore.httpsession': guard_botocore}))


class Guarded(importlib.abc.MetaPathFinder):
    """Guards modules once the function imports them: to import them here would take longer than many a function takes to start."""

    def __init__(self, guards):
        self.guards = guards

    def find_spec(self, name, path=None, target=None):
        guard = self.guards.pop(name, None)
        if guard is None:
            return None
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            guard(module)

        spec.loader.exec_module = exec_module
        return spec


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
    """Lambda takes decimals, which the numbers of DynamoDB are."""
    if type(value).__name__ == 'Decimal':
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f'Object of type {type(value).__name__} is not JSON serializable')


def marshal(result):
    if isinstance(result, bytes):
        return result
    try:
        return json.dumps(result, default=plain, ensure_ascii=False).encode()
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
    options = json.loads(sys.argv[1])
    del sys.argv[1:]
    link = Frames() if options['frames'] else Http(os.environ['AWS_LAMBDA_RUNTIME_API'])
    if options.get('isSpare'):
        os.environ['LAMBDA_TASK_ROOT'] = link.begin()
        os.chdir(os.environ['LAMBDA_TASK_ROOT'])
    code, layers = os.environ['LAMBDA_TASK_ROOT'], options.get('layers')
    set_up_path(code, layers, options.get('carried', []))
    lead_files(code, layers)
    if options.get('lead'):
        lead_to_gateway(**options['lead'])
    set_up_logging()
    try:
        handler = load(os.environ['_HANDLER'])
    except Exception as error:
        link.init_error(json.dumps(described(error)).encode())
        sys.exit(1)

    event = link.next()
    while True:
        Requests.current = event.request_id
        os.environ['_X_AMZN_TRACE_ID'] = event.trace_id
        try:
            answer = event.request_id, marshal(handler(unmarshal(event.body), Context(event))), False
        except Exception as error:
            answer = event.request_id, json.dumps(described(error, event.request_id)).encode(), True
        sys.stdout.flush()
        sys.stderr.flush()
        event = link.next(answer)


if __name__ == '__main__':
    main()
