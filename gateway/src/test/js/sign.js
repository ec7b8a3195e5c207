// Signs the body in a file with the package of the vendor, or as the vendor documents it, and prints
// a header in each line.
// node sign.js github|sentry|slack|standard_webhooks <file>; the secret is in WEBHOOK_SECRET.
"use strict";

const { createHmac } = require("crypto");
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
  const seconds = Math.floor(Date.now() / 1000);
  if (scheme === "sentry") {
    console.log("Sentry-Hook-Timestamp: " + seconds);
    const hmac = createHmac("sha256", secret);
    hmac.update(JSON.stringify(JSON.parse(body)), "utf8");
    console.log("Sentry-Hook-Signature: " + hmac.digest("hex"));
    return;
  }
  if (scheme === "slack") {
    console.log("X-Slack-Request-Timestamp: " + seconds);
    const hmac = createHmac("sha256", secret);
    hmac.update(`v0:${seconds}:${body}`);
    console.log("X-Slack-Signature: v0=" + hmac.digest("hex"));
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
