// A conversation over an RSocket request-channel: inputs are sent, stream items are received.
import { RSocketConnector } from "rsocket-core";
import { WebsocketClientTransport } from "rsocket-websocket-client";
import metadata from "rsocket-composite-metadata";
import WebSocket from "ws";
import { key, openSession, socketUrl } from "./service.mjs";

const { encodeBearerAuthMetadata, encodeCompositeMetadata, encodeRoute, WellKnownMimeType } =
  metadata;
const auth = [
  WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION,
  encodeBearerAuthMetadata(key),
];
const route = (name) =>
  encodeCompositeMetadata([[WellKnownMimeType.MESSAGE_RSOCKET_ROUTING, encodeRoute(name)], auth]);
const encode = (body) => Buffer.from(JSON.stringify(body));

const session = await openSession();
const rsocket = await new RSocketConnector({
  setup: {
    dataMimeType: "application/json",
    metadataMimeType: "message/x.rsocket.composite-metadata.v0",
    keepAlive: 10_000,
    lifetime: 60_000,
    payload: { data: null, metadata: encodeCompositeMetadata([auth]) },
  },
  transport: new WebsocketClientTransport({
    url: `${socketUrl}/rsocket`,
    wsCreator: (address) => new WebSocket(address),
  }),
}).connect();

await new Promise((resolve, reject) => {
  let results = 0;
  const send = (body) => channel.onNext({ data: encode(body) }, false);
  const onItem = (item) => {
    if (item.type === "permission" && item.phase === "requested") {
      console.log(`asked for: ${item.tool}`);
      send({ type: "decide", action_id: item.action_id, decision: "deny", reason: "not today" });
    } else if (item.type === "result") {
      console.log(`answer: ${item.result.split("\n")[0]}`);
      if (++results === 2) return resolve();
      send({ type: "prompt", prompt: "scenario: ask-write" });
    } else if (item.type === "error") reject(new Error(item.detail));
  };
  const channel = rsocket.requestChannel(
    {
      data: encode({ type: "prompt", prompt: "scenario: text" }),
      metadata: route(`sessions.${session}.converse`),
    },
    1000,
    false,
    {
      onNext: (payload) => onItem(JSON.parse(payload.data.toString())),
      onError: reject,
      onComplete: resolve,
      onExtension: () => {},
      request: () => {},
      cancel: () => {},
    },
  );
});
rsocket.close();
process.exit(0);
