// External agent of a channel, without dependencies: it verifies the signature of each call
// (Standard Webhooks) and answers "pong: " and the texts of the contact.
//
//   AGENT_SECRET=whsec_... PORT=8300 node agent.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const BODY_BYTES_MAX = 4 * 1024 * 1024;
const AGE_SECONDS_MAX = 300;

const secret = process.env.AGENT_SECRET;
if (!secret) {
  console.error("Set AGENT_SECRET to the signing secret of the channel's agent.");
  process.exit(1);
}
const key = secret.startsWith("whsec_")
  ? Buffer.from(secret.slice("whsec_".length), "base64")
  : Buffer.from(secret, "utf8");

function isSigned(headers, body) {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > AGE_SECONDS_MAX) return false;
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  return (headers["webhook-signature"] ?? "").split(" ").some((signature) => {
    if (!signature.startsWith("v1,")) return false;
    const given = Buffer.from(signature.slice("v1,".length), "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

// A call that is repeated has the same id, and the service uses one answer of it.
function reply(call) {
  return { text: `pong: ${call.messages.map((message) => message.text).join(" ")}` };
}

async function handle(request, response) {
  const body = request.method === "POST" ? await readBody(request) : null;
  if (body === null) return response.writeHead(400).end();
  if (!isSigned(request.headers, body)) return response.writeHead(401).end();
  const call = JSON.parse(body.toString("utf8"));
  if (call.type !== "chat.messages") return response.writeHead(204).end();
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply(call)));
}

const server = createServer((request, response) => {
  handle(request, response).catch(() => {
    if (!response.headersSent) response.writeHead(400);
    response.end();
  });
});
server.listen(Number(process.env.PORT ?? 8300), "127.0.0.1", () =>
  console.log(`listening on port ${server.address().port}`),
);
