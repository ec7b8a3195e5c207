// Sends a prompt over WebSocket; two clients follow by server-sent events, one of them late. Both
// receive the same events with the same ids.
import { EventSource } from "eventsource";
import WebSocket from "ws";
import { headers, openSession, socketUrl, url } from "./service.mjs";

const session = await openSession();

function follow(until) {
  const events = [];
  const source = new EventSource(`${url}/api/v1/sessions/${session}/events?after=0`, {
    fetch: (address, init) =>
      fetch(address, { ...init, headers: { ...init.headers, ...headers } }),
  });
  return new Promise((resolve) => {
    const onEvent = (event) => {
      // Events of the same chunk are still dispatched after close().
      if (source.readyState === EventSource.CLOSED) return;
      if (event.lastEventId) events.push(`${event.lastEventId} ${event.type}`);
      if (event.type !== until) return;
      source.close();
      resolve(events);
    };
    for (const type of ["init", "message", "tool", "todo", "status", "result"])
      source.addEventListener(type, onEvent);
  });
}

const early = follow("result");
const socket = new WebSocket(`${socketUrl}/api/v1/sessions/${session}/ws`, { headers });
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

const earlyEvents = await early;
const lateEvents = await follow("result");
if (JSON.stringify(earlyEvents) === JSON.stringify(lateEvents)) console.log("the same events for both");
else console.log("early", earlyEvents, "late", lateEvents);
process.exit(0);
