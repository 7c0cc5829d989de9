// Loaded by the CDK CLI and by every function of Node.js (`--require`): AWS's names lead to the emulator, whose port is in GATEWAY_PORT.
const dns = require('node:dns');
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

const LOOPBACK = '127.0.0.1';

// `s3.localhost` and the like: not every resolver knows that they are on this machine.
const { lookup } = dns;
dns.lookup = (host, ...rest) => lookup(/(^|\.)localhost$/.test(host) ? LOOPBACK : host, ...rest);

// `https://<api>.execute-api.<region>.amazonaws.com`, as the library tells the functions. The emulator does the same in functions that are
// no ECMAScript modules.
const { request } = https;
https.request = (...args) => {
  const [options] = args;
  if (!/\.amazonaws\.com$/.test(options.hostname ?? options.host ?? '')) { return request(...args); }
  const emulated = { ...options, protocol: 'http:', host: LOOPBACK, hostname: LOOPBACK, port: process.env.GATEWAY_PORT, agent: undefined };
  return http.request(emulated, ...args.slice(1));
};
syncBuiltinESMExports();
