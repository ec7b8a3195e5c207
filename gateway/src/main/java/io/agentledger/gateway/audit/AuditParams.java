package io.agentledger.gateway.audit;

import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.Outcome;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.web.QueryFilter;
import io.agentledger.gateway.support.web.QueryParameters;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** Query parameters that filter audit entries; missing ones do not restrict. */
record AuditParams(
    @Parameter(description = "Actor as type:id (user:usr_..., agent:agt_...), or its id alone")
        @Nullable String actor,
    @Parameter(description = "Name of the event, as listed in docs/events.md")
        @Nullable String action,
    @Parameter(name = "resource_id", description = "Id of the changed resource")
        @BindParam("resource_id")
        @Nullable String resourceId,
    @Parameter(
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"succeeded", "denied"}))
        @Nullable String outcome,
    @Parameter(name = "request_id") @BindParam("request_id") @Nullable String requestId,
    @Parameter(description = "Earliest time, inclusive, ISO 8601") @Nullable String from,
    @Parameter(description = "Latest time, exclusive, ISO 8601") @Nullable String to,
    @Parameter(
            name = "resource_type",
            description = "Type of the changed resource, such as agent; docs/audit.md lists all")
        @BindParam("resource_type")
        @Nullable String resourceType,
    @Parameter(
            description = "Whether the entries change a configuration",
            schema = @Schema(type = "boolean"))
        @Nullable String changes)
    implements QueryFilter {
  @Override
  public List<Violation> findViolations() {
    return InvalidRequestException.collect(
        () -> AuditNames.requireActor(actor),
        () -> AuditNames.requireAction(action),
        () -> QueryParameters.requireText("resource_id", resourceId),
        this::toOutcome,
        () -> QueryParameters.requireText("request_id", requestId),
        () -> QueryParameters.parseInstant("from", from),
        () ->
            QueryParameters.requireOrder(
                QueryParameters.parseInstant("from", from), QueryParameters.parseInstant("to", to)),
        () -> QueryParameters.parseInstant("to", to),
        () -> AuditNames.requireResourceType(resourceType),
        this::toHasChanges);
  }

  AuditFilter toFilter() {
    return new AuditFilter(
        AuditNames.requireActor(actor),
        AuditNames.requireAction(action),
        QueryParameters.requireText("resource_id", resourceId),
        toOutcome(),
        QueryParameters.requireText("request_id", requestId),
        QueryParameters.parseInstant("from", from),
        QueryParameters.parseInstant("to", to),
        AuditNames.requireResourceType(resourceType),
        toHasChanges());
  }

  private @Nullable Boolean toHasChanges() {
    return switch (changes) {
      case null -> null;
      case "true" -> true;
      case "false" -> false;
      default -> throw InvalidRequestException.parameter("changes", "must be true or false");
    };
  }

  private @Nullable Outcome toOutcome() {
    try {
      return outcome == null ? null : WireNames.findConstant(Outcome.values(), outcome);
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.parameter("outcome", String.valueOf(exception.getMessage()));
    }
  }

  /** Returns the filter as text, for the event of an export. */
  @Override
  public String toString() {
    var params = new TreeMap<String, String>();
    putIfPresent(params, "actor", actor);
    putIfPresent(params, "action", action);
    putIfPresent(params, "resource_id", resourceId);
    putIfPresent(params, "outcome", outcome);
    putIfPresent(params, "request_id", requestId);
    putIfPresent(params, "from", from);
    putIfPresent(params, "to", to);
    putIfPresent(params, "resource_type", resourceType);
    putIfPresent(params, "changes", changes);
    return String.join("&", params.entrySet().stream().map(Map.Entry::toString).toList());
  }

  private static void putIfPresent(Map<String, String> params, String name, @Nullable String text) {
    if (text != null) params.put(name, text);
  }
}
