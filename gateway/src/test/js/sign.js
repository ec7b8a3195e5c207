// Signs the body in a file with the package of the vendor, and prints a header in each line.
// node sign.js github|standard_webhooks <file>; the secret is in WEBHOOK_SECRET.
"use strict";

const fs = require("fs");

const [, , scheme, file] = process.argv;
const body = fs.readFileSync(file, "utf8");
const secret = process.env.WEBHOOK_SECRET;

async function main() {
  if (scheme === "github") {
    const { sign } = await import("@octokit/webhooks-methods");
    console.log("X-Hub-Signature-256: " + (await sign(secret, body)));
    return;
  }
  const { Webhook } = require("standardwebhooks");
  const now = new Date();
  const id = "msg_" + now.getTime() + Math.random().toString(36).slice(2);
  console.log("webhook-id: " + id);
  console.log("webhook-timestamp: " + Math.floor(now.getTime() / 1000));
  console.log("webhook-signature: " + new Webhook(secret).sign(id, now, body));
}

main();
