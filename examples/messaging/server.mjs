// Stand-in of a messaging platform for the example chat.sh, with one contact, Eve: it calls the
// webhook of a channel and receives its messages, both signed (Standard Webhooks). It listens on
// the loopback only.
//   MESSAGING_SECRET=whsec_... PORT=8198 node server.mjs
// POST /write {"url", "text"}: Eve reads what she got, and writes; url is that of the webhook.
// GET /received: the texts that Eve got.
import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from(process.env.MESSAGING_SECRET.slice("whsec_".length), "base64");
const received = [];
let firstUnread = 0;

function sign(id, timestamp, body) {
  const hmac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`);
  return `v1,${hmac.digest("base64")}`;
}

async function callWebhook(url, event) {
  const body = JSON.stringify(event);
  const id = randomUUID();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": sign(id, timestamp, body),
  };
  const response = await fetch(url, { method: "POST", headers, body });
  if (!response.ok) throw new Error(`The webhook responded with ${response.status}.`);
}

async function write({ url, text }) {
  for (; firstUnread < received.length; firstUnread++)
    await callWebhook(url, {
      type: "status",
      message_id: received[firstUnread].id,
      status: "read",
    });
  const contact = { address: "+15550100", name: "Eve" };
  await callWebhook(url, { type: "message", message_id: randomUUID(), contact, text });
  return {};
}

// A message that is repeated has the same id.
function receive(headers, body) {
  const id = headers["webhook-id"];
  if (headers["webhook-signature"] !== sign(id, headers["webhook-timestamp"], body))
    throw new Error("The signature is invalid.");
  const message = JSON.parse(body);
  if (message.type === "text" && !received.some((other) => other.id === message.id))
    received.push({ id: message.id, text: message.markdown });
  return { message_id: message.id };
}

async function handle(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8");
  if (request.url === "/write") return write(JSON.parse(body));
  if (request.url === "/received") return received.map((message) => message.text);
  return receive(request.headers, body);
}

const server = createServer((request, response) => {
  handle(request).then(
    (answer) => response.end(JSON.stringify(answer)),
    (error) => response.writeHead(400).end(`${error.message}\n`),
  );
});
server.listen(Number(process.env.PORT), "127.0.0.1", () =>
  console.log(`listening on port ${server.address().port}`),
);
