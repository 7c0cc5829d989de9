import { IncomingMessage, ServerResponse } from 'node:http';
import { UnderWay } from './dispatch/under-way';
import { handleInvokeRequest, isLambdaPath } from './invoke/invoke-api';
import { PoolKeys } from './user-pools/pool-keys';
import { AddressBook } from './wire/address';
import { Backend } from './wire/backend';
import { handleConnectionsRequest, isConnectionsPath } from './wire/connections-api';
import { isFromThisMachine } from './wire/reach';

export interface RequestsOptions {
  readonly backend: Backend;
  readonly underWay: UnderWay;
  readonly poolKeys: PoolKeys;
  /** Pages for people, and whether a URL is one of theirs. */
  readonly isPage: (url: string) => boolean;
  readonly answerPage: (request: IncomingMessage, response: ServerResponse) => void;
}

/** HTTP requests that are no handshakes. */
export class Requests {
  constructor(private readonly options: RequestsOptions) {}

  public handle(request: IncomingMessage, response: ServerResponse) {
    const { backend, poolKeys, isPage, answerPage } = this.options;
    const url = request.url ?? '/';
    const document = request.method === 'GET' ? poolKeys.documentAt(url.split('?')[0], backend.model.userPools ?? []) : undefined;
    if (isConnectionsPath(url)) {
      this.track(request, response, handleConnectionsRequest(backend, request, response));
    } else if (isLambdaPath(url)) {
      this.track(request, response, handleInvokeRequest(backend, request, response));
    } else if (document) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    } else if (isPage(url) && isFromThisMachine(request)) {
      answerPage(request, response);
    } else {
      refuse(backend.addresses, request, response);
    }
  }

  private track(request: IncomingMessage, response: ServerResponse, work: Promise<void>) {
    void this.options.underWay.track(work.catch((error) => {
      response.destroy();
      // A client that aborts mid-request is not our error.
      if (!request.errored) { throw error; }
    }));
  }
}

/** Answers a request that is no handshake, at the URL of an API or elsewhere. */
function refuse(addresses: AddressBook, request: IncomingMessage, response: ServerResponse) {
  request.resume();
  const address = addresses.find(request.headers.host, (request.url ?? '/').split('?')[0]);
  const status = 'status' in address ? address.status : 426;
  response.writeHead(status, { 'content-type': 'application/json', ...status === 426 ? { upgrade: 'websocket' } : {} });
  response.end(JSON.stringify({ message: { 403: 'Forbidden', 404: 'Not Found', 426: 'Upgrade Required' }[status] }));
}
