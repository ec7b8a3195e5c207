// Address and credential of the service, and a request that opens a session.
import { readFileSync } from "node:fs";

const home = process.env.AGENTLEDGER_HOME ?? new URL("../../data", import.meta.url).pathname;
const local = () => JSON.parse(readFileSync(`${home}/service.json`, "utf8"));

export const url = process.env.AGENTLEDGER_URL ?? `http://127.0.0.1:${local().port}`;
export const key =
  process.env.AGENTLEDGER_KEY ?? readFileSync(`${home}/owner.key`, "utf8").trim();
export const socketUrl = url.replace(/^http/, "ws");
export const headers = { authorization: `Bearer ${key}` };

export async function openSession(definition = {}) {
  const response = await fetch(`${url}/api/v1/sessions`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(definition),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()).id;
}
