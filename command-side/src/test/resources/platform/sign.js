// Signs and verifies requests with the packages of the vendors: reads a JSON array of cases from
// standard input, and prints an array of results.
"use strict";

const { createHmac } = require("crypto");

const schemes = {
  twilio_form: ({ secret, url, parameters }) =>
    require("twilio").getExpectedTwilioSignature(secret, url, parameters),

  twilio_json: ({ secret, url, body }) => {
    const { getExpectedBodyHash, getExpectedTwilioSignature } = require("twilio/lib/webhooks/webhooks");
    const query = "bodySHA256=" + getExpectedBodyHash(body);
    const signed = url + (url.includes("?") ? "&" : "?") + query;
    return query + " " + getExpectedTwilioSignature(secret, signed, {});
  },

  github: async ({ secret, body }) => {
    const { sign } = await import("@octokit/webhooks-methods");
    return sign(secret, body);
  },

  // The package verifies only: the signature is as Slack documents it, and the package accepts it.
  slack: ({ secret, body, time }) => {
    const { verifySlackRequest } = require("@slack/bolt/dist/receivers/verify-request");
    const signature = "v0=" + createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex");
    verifySlackRequest({
      signingSecret: secret,
      body,
      headers: { "x-slack-signature": signature, "x-slack-request-timestamp": time },
      nowMilliseconds: time * 1000,
    });
    return signature;
  },

  standard: ({ secret, id, time, body }) => {
    const { Webhook } = require("standardwebhooks");
    return new Webhook(secret).sign(id, new Date(time * 1000), body);
  },

  // The package compares the time with the clock of this machine.
  verify_standard: ({ secret, headers, body }) => {
    const { Webhook } = require("standardwebhooks");
    new Webhook(secret).verify(body, headers);
    return "verified";
  },

  // The code that a site executes for its users.
  widget: ({ secret, user, time }) =>
    createHmac("sha256", secret).update(`${user}.${time}`).digest("hex"),
};

let input = "";
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", async () => {
  const results = [];
  for (const request of JSON.parse(input)) results.push(await schemes[request.scheme](request));
  console.log(JSON.stringify(results));
});
