// Uses the generated types as a client does: a request, a response, and the items of a stream, which
// are told apart by their type.
import type { components, paths } from "./api.d.ts";

type StreamItem = components["schemas"]["StreamItem"];
type OpenSession = paths["/api/v1/sessions"]["post"];
type OpenedSession = OpenSession["responses"][201]["content"]["application/json"];
type Body = NonNullable<OpenSession["requestBody"]>["content"]["application/json"];

const body: Body = { title: "Tour", options: { permission_mode: "plan", max_turns: 3 } };

export function describe(session: OpenedSession, item: StreamItem): string {
  switch (item.type) {
    case "result":
      return `${session.id}: ${item.stop_reason} for ${item.cost_usd}`;
    case "tool":
      return `${item.name} ${item.phase}`;
    case "error":
      return `${item.code}: ${item.detail}`;
    default:
      return `${item.type} of ${item.session_id}`;
  }
}

// @ts-expect-error The types refuse a mode that does not exist.
body.options = { permission_mode: "never" };
