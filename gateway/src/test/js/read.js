// A standard RSocket client: reads a session's events from the beginning, three at a time.
// node read.js tcp|ws <port> <session> <count>; the key is in AGENTLEDGER_KEY. Prints a line for each.
"use strict";

const { RSocketConnector } = require("rsocket-core");
const { TcpClientTransport } = require("rsocket-tcp-client");
const { WebsocketClientTransport } = require("rsocket-websocket-client");
const {
  encodeBearerAuthMetadata,
  encodeCompositeMetadata,
  encodeRoute,
  WellKnownMimeType,
} = require("rsocket-composite-metadata");
const WebSocket = require("ws");

const [, , kind, port, session, count] = process.argv;

const transport =
  kind === "tcp"
    ? new TcpClientTransport({ connectionOptions: { host: "127.0.0.1", port: Number(port) } })
    : new WebsocketClientTransport({
        url: `ws://127.0.0.1:${port}/rsocket`,
        wsCreator: (url) => new WebSocket(url),
      });

const auth = encodeCompositeMetadata([
  [
    WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION,
    encodeBearerAuthMetadata(process.env.AGENTLEDGER_KEY),
  ],
]);

function metadata(route) {
  return encodeCompositeMetadata([
    [WellKnownMimeType.MESSAGE_RSOCKET_ROUTING, encodeRoute(route)],
  ]);
}

async function main() {
  const connector = new RSocketConnector({
    setup: {
      dataMimeType: "application/json",
      metadataMimeType: "message/x.rsocket.composite-metadata.v0",
      keepAlive: 10_000,
      lifetime: 60_000,
      payload: { data: null, metadata: auth },
    },
    transport,
  });
  const socket = await connector.connect();
  const limit = Number(count);
  let events = 0;
  let outstanding = 3;
  await new Promise((resolve, reject) => {
    const stream = socket.requestStream(
      {
        data: Buffer.from(JSON.stringify({ after: 0 })),
        metadata: metadata(`sessions.${session}.events`),
      },
      outstanding,
      {
        onError: reject,
        onComplete: resolve,
        onExtension: () => {},
        onNext: (payload, last) => {
          const item = JSON.parse(payload.data.toString());
          if (item.sequence) {
            events += 1;
            console.log(`${item.sequence} ${item.type}`);
          }
          if (events === limit) {
            stream.cancel();
            resolve();
          } else if (last) resolve();
          else if (--outstanding === 0) {
            outstanding = 3;
            stream.request(3);
          }
        },
      },
    );
  });
  socket.close();
}

main().then(
  () => process.exit(0),
  (failure) => {
    console.error(failure);
    process.exit(1);
  },
);
