// Where the service is, and how it is asked.
import { readFileSync } from "node:fs";

const home = process.env.AGENTLEDGER_HOME ?? new URL("../../data", import.meta.url).pathname;
const local = () => JSON.parse(readFileSync(`${home}/service.json`, "utf8"));

export const url = process.env.AGENTLEDGER_URL ?? `http://127.0.0.1:${local().port}`;
export const key =
  process.env.AGENTLEDGER_KEY ?? readFileSync(`${home}/owner.key`, "utf8").trim();
export const socketUrl = url.replace(/^http/, "ws");
export const headers = { authorization: `Bearer ${key}` };

export async function openSession(wishes = {}) {
  const answer = await fetch(`${url}/api/v1/sessions`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(wishes),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()).id;
}
