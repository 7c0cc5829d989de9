#!/usr/bin/env python
"""The command of the Python package: it becomes Node.js at once.

What jsii generates runs the command below its own kernel: seconds for `--help`, a signal that ends Python and leaves the gateway, jsii's trace
for Ctrl-C. Here nothing of jsii is loaded. The npm package inside the wheel is unpacked once for each version, and Node.js takes the place of
this process, so signals and the exit status are its own.
"""
import hashlib
import importlib.util
import os
import shutil
import sys
import tarfile
import tempfile


def archive():
    # Finding a package does not run it.
    package = importlib.util.find_spec("cdk_websocket_api")
    folder = os.path.join(os.path.dirname(package.origin), "_jsii")
    [name] = [file for file in os.listdir(folder) if file.endswith(".jsii.tgz")]
    return os.path.join(folder, name)


def unpacked(path):
    with open(path, "rb") as file:
        key = hashlib.sha256(file.read()).hexdigest()[:16]
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    parent = os.path.join(cache, "cdk-websocket-api", "packages")
    folder = os.path.join(parent, key)
    if not os.path.isdir(folder):
        os.makedirs(parent, mode=0o700, exist_ok=True)
        part = tempfile.mkdtemp(dir=parent)
        with tarfile.open(path) as tar:
            tar.extractall(part, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        try:
            os.rename(part, folder)
        except OSError:
            # Another process was faster.
            shutil.rmtree(part)
    return os.path.join(folder, "package")


def main():
    command = os.path.join(unpacked(archive()), "lib", "cli", "main.js")
    node = os.environ.get("JSII_NODE") or "node"
    try:
        os.execvp(node, [node, command, *sys.argv[1:]])
    except FileNotFoundError:
        sys.exit("cdk-websocket-api: there is no `%s` on the PATH: install Node.js 20 or newer, which CDK needs too" % node)


main()
