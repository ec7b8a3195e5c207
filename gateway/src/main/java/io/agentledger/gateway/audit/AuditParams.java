package io.agentledger.gateway.audit;

import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.Outcome;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.QueryParameters;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** Which entries are wished for, as the query string has it; what is left out is every one. */
record AuditParams(
    @Parameter(description = "kind:id, or the id alone") @Nullable String actor,
    @Parameter(description = "name of the event") @Nullable String action,
    @Parameter(description = "id of what it was done to") @Nullable String resource,
    @Parameter(
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"succeeded", "denied"}))
        @Nullable String outcome,
    @Parameter(name = "request_id") @BindParam("request_id") @Nullable String requestId,
    @Parameter(description = "inclusive, ISO 8601") @Nullable String from,
    @Parameter(description = "exclusive, ISO 8601") @Nullable String to) {
  AuditFilter filter() {
    return new AuditFilter(
        QueryParameters.text("actor", actor),
        QueryParameters.text("action", action),
        QueryParameters.text("resource", resource),
        outcome == null ? null : parseOutcome(outcome),
        QueryParameters.text("request_id", requestId),
        QueryParameters.moment("from", from),
        QueryParameters.moment("to", to));
  }

  private static Outcome parseOutcome(String text) {
    try {
      return WireNames.find(Outcome.values(), text);
    } catch (IllegalArgumentException refused) {
      throw InvalidRequestException.parameter("outcome", String.valueOf(refused.getMessage()));
    }
  }

  /** In words, for the record. */
  @Override
  public String toString() {
    var said = new TreeMap<String, String>();
    put(said, "actor", actor);
    put(said, "action", action);
    put(said, "resource", resource);
    put(said, "outcome", outcome);
    put(said, "request_id", requestId);
    put(said, "from", from);
    put(said, "to", to);
    return String.join("&", said.entrySet().stream().map(Map.Entry::toString).toList());
  }

  private static void put(Map<String, String> all, String name, @Nullable String text) {
    if (text != null) all.put(name, text);
  }
}
