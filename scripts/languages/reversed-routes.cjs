// Preloaded with `NODE_OPTIONS=--require`: every map of routes arrives in the opposite order, as it might from another language.
const Module = require('node:module');

const load = Module._load;
Module._load = function (request, ...rest) {
  const library = load.call(this, request, ...rest);
  if (request !== 'cdk-websocket-api') { return library; }
  class WebSocketApi extends library.WebSocketApi {
    constructor(scope, id, props) {
      super(scope, id, { ...props, routes: Object.fromEntries(Object.entries(props.routes).reverse()) });
    }
  }
  return { ...library, WebSocketApi };
};
