package io.agentledger.gateway.support.json;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Redactor of shared definitions of sessions: values of environment variables and of headers are
 * null for callers who may use a definition, but not change it. Only the view is redacted, not the
 * definition that a session is opened with.
 */
@Component
public class SessionValueRedactor {
  private static final List<String> VALUES = List.of("env", "headers");

  private final WireJson json;

  SessionValueRedactor(WireJson json) {
    this.json = json;
  }

  /**
   * Returns whether the caller is shown the values: the owner and admins are, but not their agents.
   */
  public boolean isShownTo(Caller caller, UserId owner) {
    return caller.role() != Role.AGENT
        && (caller.user().equals(owner) || caller.has(Scope.SESSIONS_WRITE_ALL));
  }

  /** Returns the fields of a session without the values; those of other versions, too. */
  public Json redact(Json session) {
    if (VALUES.stream().noneMatch(session.text()::contains)) return session;
    var fields = json.parseObject(session.text());
    var options = fields.path("options");
    redactIn(options);
    options.path("mcp_servers").forEach(this::redactIn);
    return new Json(fields.toString());
  }

  private void redactIn(JsonNode parent) {
    for (var name : VALUES)
      if (parent.path(name) instanceof ObjectNode values)
        new ArrayList<>(values.propertyNames()).forEach(values::putNull);
  }
}
