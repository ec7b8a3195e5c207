// Asks over WebSocket; two others watch by server-sent events, one of them comes late. All see the
// same facts with the same ids.
import { EventSource } from "eventsource";
import WebSocket from "ws";
import { headers, openSession, socketUrl, url } from "./service.mjs";

const session = await openSession();

function watch(until) {
  const facts = [];
  const source = new EventSource(`${url}/api/v1/sessions/${session}/events?after=0`, {
    fetch: (address, init) =>
      fetch(address, { ...init, headers: { ...init.headers, ...headers } }),
  });
  return new Promise((resolve) => {
    const hear = (event) => {
      // What came in the same piece is still told after close().
      if (source.readyState === EventSource.CLOSED) return;
      if (event.lastEventId) facts.push(`${event.lastEventId} ${event.type}`);
      if (event.type !== until) return;
      source.close();
      resolve(facts);
    };
    for (const type of ["init", "message", "tool", "todo", "status", "result"])
      source.addEventListener(type, hear);
  });
}

const early = watch("result");
const socket = new WebSocket(`${socketUrl}/ws/sessions/${session}`, { headers });
await new Promise((resolve, reject) => {
  socket.on("error", reject);
  socket.on("open", () =>
    socket.send(JSON.stringify({ type: "prompt", prompt: "scenario: nonce" })),
  );
  socket.on("message", (data) => {
    const item = JSON.parse(data);
    if (item.type === "tool" && item.phase === "called") console.log(`${item.name} ${item.verdict}`);
    if (item.type === "result") resolve();
  });
});
socket.close();

const seen = await early;
const late = await watch("result");
if (JSON.stringify(seen) === JSON.stringify(late)) console.log("the same facts for both");
else console.log("early", seen, "late", late);
process.exit(0);
