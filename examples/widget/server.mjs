// Page of a shop with the chat widget, without dependencies. The server signs the identity of the
// user who is logged in, and sends a strict content security policy.
//
//   CHANNEL=chn_... IDENTITY_SECRET=... node server.mjs
//
// AGENTLEDGER_URL is the address of the service (http://127.0.0.1:8080), PORT that of the page
// (8400). The channel must allow the origin http://127.0.0.1:8400.
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const { CHANNEL, IDENTITY_SECRET, PORT = "8400" } = process.env;
const service = new URL(process.env.AGENTLEDGER_URL ?? "http://127.0.0.1:8080").origin;
if (!/^chn_[a-z0-9]+$/.test(CHANNEL ?? "")) {
  console.error("Set CHANNEL to the id of a channel of the platform widget.");
  process.exit(1);
}

const page = await readFile(new URL("index.html", import.meta.url), "utf8");
const style = await readFile(new URL("shop.css", import.meta.url));
const policy =
  `default-src 'none'; script-src ${service}; connect-src ${service}; style-src 'self';` +
  " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const escaped = (text) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Returns the attributes of a user for the script: the signature is valid for an hour. */
function identity(id, name) {
  const expires = Math.floor(Date.now() / 1000) + 3600;
  const signature = createHmac("sha256", IDENTITY_SECRET).update(`${id}.${expires}`).digest("hex");
  return (
    `data-user-id="${escaped(id)}" data-user-name="${escaped(name)}"` +
    ` data-user-expires="${expires}" data-user-signature="${signature}"`
  );
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://page");
  if (request.method !== "GET" || !["/", "/shop.css"].includes(pathname)) {
    response.writeHead(404).end();
    return;
  }
  if (pathname === "/shop.css") {
    response.writeHead(200, { "Content-Type": "text/css" }).end(style);
    return;
  }
  // A real site takes the user from its own login, never from the address.
  const isLoggedIn = searchParams.has("login") && IDENTITY_SECRET;
  const html = page
    .replace("{SERVICE}", service)
    .replace("{CHANNEL}", CHANNEL)
    .replace("{IDENTITY}", isLoggedIn ? identity("customer-42", "Ada") : "");
  response
    .writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": policy,
      "Cache-Control": "no-store",
    })
    .end(html);
});
server.listen(Number(PORT), "127.0.0.1", () =>
  console.log(`http://127.0.0.1:${server.address().port}`),
);
