// Verifies requests of subscriptions with the package of Standard Webhooks: reads a JSON array of
// {secret, headers, body} from standard input and prints how many are genuine.
const { Webhook } = require("standardwebhooks");

let text = "";
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () => {
  const requests = JSON.parse(text);
  for (const { secret, headers, body } of requests) new Webhook(secret).verify(body, headers);
  console.log(requests.length);
});
