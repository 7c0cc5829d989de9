// Redirects a function's requests to the hosts of its assembly to the gateway, and stops requests that are signed with the gateway's
// credentials from leaving this machine.
// It loads no module that the function does not load: `http` and `http2` would take longer than many a start.
import Module, { createRequire } from 'node:module';
import net from 'node:net';

const require = createRequire(import.meta.url);

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;
/** Names without a dot are those of containers; the addresses are private. */
const NEAR = /^(?:[^.:]+|.+\.(?:local|internal|test)|10\..+|192\.168\..+|172\.(?:1[6-9]|2\d|3[01])\..+|\[?f[cd][\da-f]{2}:.+)$/i;

const normal = (host) => String(host ?? '').toLowerCase().replace(/\.$/, '');

export function leadToGateway({ hosts, port }) {
  const isLed = (host) => hosts.some((name) => (name.startsWith('*.') ? host.slice(host.indexOf('.')) === name.slice(1) : host === name));
  const guard = new Guard(isLed);
  guard.guardFetch();
  guard.guardHttp2WhenLoaded();

  // `net`, `tls`, `http`, `https`, `http2` and `fetch` make every connection with this method.
  // TLS keeps the host's name, which is in other options.
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    const normalized = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
    const [options] = normalized;
    if (options?.host && !options.path) {
      const host = normal(options.host);
      if (isLed(host)) {
        normalized[0] = { ...options, host: '127.0.0.1', port, lookup: undefined, family: 4 };
      } else if (!guard.isNear(host)) {
        guard.guardHttp();
      }
    }
    return connect.call(this, normalized);
  };
  return guard;
}

/** Stops requests that are signed with the gateway's credentials from leaving this machine. */
class Guard {
  #key = process.env.AWS_ACCESS_KEY_ID;
  #isLed;
  #endpoints = Object.entries(process.env).filter(([name]) => /^AWS_ENDPOINT_URL(_|$)/.test(name))
    .flatMap(([, url]) => (URL.canParse(url) ? [new URL(url).hostname] : []));
  #http = false;
  #http2 = false;

  constructor(isLed) {
    this.#isLed = isLed;
  }

  isNear(host) {
    return LOOPBACK.test(host) || NEAR.test(host) || this.#isLed(host) || this.#endpoints.includes(host);
  }

  /** The error for a request that must not be sent; undefined for any other. */
  #fault(name, ...texts) {
    const host = normal(name);
    if (this.isNear(host) || !texts.some((text) => String(text ?? '').includes(this.#key))) { return undefined; }
    const service = host.split('.').find((label) => !/^(?:fips|dualstack|\w+-\w+-\d)$/.test(label)) ?? '';
    return new Error(`the request to ${host} is signed with the credentials of the local gateway, which are good for nothing on AWS, and was not sent: `
      + `set \`AWS_ENDPOINT_URL_${service.toUpperCase().replace(/\W/g, '_')}\` in the env file to what stands in for it here, or sign with credentials of your own`);
  }

  /** Checks a request before its first byte goes to another machine. */
  guardHttp() {
    if (this.#http) { return; }
    this.#http = true;
    const { OutgoingMessage, ClientRequest } = require('node:http');
    const { _send: send } = OutgoingMessage.prototype;
    const fault = (...args) => this.#fault(...args);
    OutgoingMessage.prototype._send = function (...args) {
      if (this instanceof ClientRequest && !this._headerSent) {
        const error = fault(this.host, this._header);
        if (error) {
          this.destroy(error);
          return false;
        }
      }
      return send.apply(this, args);
    };
  }

  guardFetch() {
    const { fetch } = globalThis;
    const guarded = async (input, init) => {
      const url = new URL(input?.url ?? String(input));
      const error = this.#fault(url.hostname, url.search, new Headers(init?.headers ?? input?.headers).get('authorization'));
      if (error) { throw error; }
      return fetch(input, init);
    };
    globalThis.fetch = Object.defineProperty(guarded, 'name', { value: 'fetch' });
  }

  /** Guards `http2` once the function, or the SDK, requires it. */
  guardHttp2WhenLoaded() {
    const { _load: load } = Module;
    Module._load = (name, ...rest) => {
      if (name === 'http2' || name === 'node:http2') {
        Module._load = load;
        this.guardHttp2();
      }
      return load.call(Module, name, ...rest);
    };
  }

  guardHttp2() {
    if (this.#http2) { return; }
    this.#http2 = true;
    const http2 = require('node:http2');
    const { connect } = http2;
    const fault = (...args) => this.#fault(...args);
    http2.connect = (authority, ...rest) => {
      const session = connect(authority, ...rest);
      const { request } = session;
      session.request = function (headers, ...others) {
        const error = fault(new URL(String(authority)).hostname, headers?.[':path'], headers?.authorization, headers?.Authorization);
        if (error) { throw error; }
        return request.call(this, headers, ...others);
      };
      return session;
    };
    Module.syncBuiltinESMExports();
  }
}
