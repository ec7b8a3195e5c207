package io.agentledger.gateway.audit;

import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.Outcome;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.WireNames;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** Which entries are wished for, as the query string has it; what is left out is every one. */
record AuditWish(
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
  private static final int LENGTH_MAX = 200;

  AuditFilter filter() {
    return new AuditFilter(
        text("actor", actor),
        text("action", action),
        text("resource", resource),
        outcome == null ? null : found(outcome),
        text("request_id", requestId),
        time("from", from),
        time("to", to));
  }

  private static @Nullable String text(String name, @Nullable String said) {
    if (said != null && (said.isEmpty() || said.length() > LENGTH_MAX || said.indexOf(0) >= 0))
      throw Invalid.parameter(name, "must be 1 to 200 characters");
    return said;
  }

  private static Outcome found(String said) {
    try {
      return WireNames.find(Outcome.values(), said);
    } catch (IllegalArgumentException refused) {
      throw Invalid.parameter("outcome", String.valueOf(refused.getMessage()));
    }
  }

  private static @Nullable Instant time(String name, @Nullable String said) {
    try {
      return said == null ? null : OffsetDateTime.parse(said).toInstant();
    } catch (DateTimeException refused) {
      throw Invalid.parameter(name, "must be a moment such as 2026-11-20T09:00:00Z");
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

  private static void put(Map<String, String> all, String name, @Nullable String said) {
    if (said != null) all.put(name, said);
  }
}
