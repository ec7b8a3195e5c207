package io.agentledger.gateway.session;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.web.QueryFilter;
import io.agentledger.gateway.support.web.QueryParameters;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** Query parameters that filter sessions; missing ones do not restrict. */
record SessionListParams(
    @Parameter(
            name = "permission_mode",
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {
                      "default",
                      "acceptEdits",
                      "plan",
                      "bypassPermissions",
                      "dontAsk"
                    }))
        @BindParam("permission_mode")
        @Nullable String permissionMode,
    @Parameter(
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"interactive", "background"}))
        @Nullable String executor,
    @Parameter(
            description =
                "Lifecycle status or activity of the session, in place of the parameters of these"
                    + " names",
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {
                      "open",
                      "paused",
                      "expired",
                      "archived",
                      "closed",
                      "deleted",
                      "idle",
                      "running",
                      "waiting",
                      "retrying",
                      "ended"
                    }))
        @Nullable String status,
    @Parameter(
            description =
                "How the session runs, in place of executor and origin: interactive, background, or"
                    + " forked",
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"interactive", "background", "forked"}))
        @Nullable String mode,
    @Parameter(
            description =
                "Origin of the session: new, or from another session, a template or a task",
            schema =
                @Schema(
                    type = "string",
                    allowableValues = {"fresh", "forked", "cloned", "templated", "task"}))
        @Nullable String origin,
    @Parameter(name = "owner_id", description = "Id of the owner") @BindParam("owner_id")
        @Nullable String ownerId,
    @Parameter(description = "Name or id of the agent") @Nullable String agent,
    @Parameter(name = "agent_id", description = "Id of the agent, in place of agent")
        @BindParam("agent_id")
        @Nullable String agentId,
    @Parameter(description = "Earliest opening time, inclusive, ISO 8601") @Nullable String from,
    @Parameter(description = "Latest opening time, exclusive, ISO 8601") @Nullable String to,
    @Parameter(description = "Part of the title or of a metadata value, case-insensitive")
        @Nullable String text)
    implements QueryFilter {
  private static final String FORKED = "forked";
  private static final List<String> MODES = List.of("interactive", "background", FORKED);

  @Override
  public List<Violation> findViolations() {
    return InvalidRequestException.collect(
        this::toPermissionMode,
        this::toExecutor,
        this::toOrigin,
        this::toOwner,
        this::toAgent,
        () -> QueryParameters.parseInstant("from", from),
        () ->
            QueryParameters.requireOrder(
                QueryParameters.parseInstant("from", from), QueryParameters.parseInstant("to", to)),
        () -> QueryParameters.parseInstant("to", to),
        () -> QueryParameters.requireText("text", text));
  }

  SessionFilter.Criteria toCriteria() {
    return new SessionFilter.Criteria(
        toPermissionMode(),
        toExecutor(),
        toOrigin(),
        toOwner(),
        toAgent(),
        QueryParameters.parseInstant("from", from),
        QueryParameters.parseInstant("to", to),
        QueryParameters.requireText("text", text));
  }

  private @Nullable PermissionMode toPermissionMode() {
    return parse(
        "permission_mode",
        permissionMode,
        name -> WireNames.findConstant(PermissionMode.values(), name));
  }

  private @Nullable UserId toOwner() {
    return parse("owner_id", ownerId, UserId::new);
  }

  private @Nullable String toAgent() {
    var id = parse("agent_id", agentId, AgentId::new);
    if (id == null) return QueryParameters.requireText("agent", agent);
    rejectBoth("agent_id", "agent", agent);
    return id.value();
  }

  private @Nullable ExecutionMode toExecutor() {
    boolean isExecutor = mode != null && !FORKED.equals(requireMode());
    if (isExecutor) rejectBoth("mode", "executor", executor);
    return parse(
        "executor",
        isExecutor ? mode : executor,
        name -> WireNames.findConstant(ExecutionMode.values(), name));
  }

  private @Nullable String toOrigin() {
    if (!FORKED.equals(mode)) return parse("origin", origin, SessionListParams::requireOrigin);
    rejectBoth("mode", "origin", origin);
    return FORKED;
  }

  private @Nullable String requireMode() {
    if (mode != null && !MODES.contains(mode))
      throw InvalidRequestException.parameter("mode", "must be one of " + String.join(", ", MODES));
    return mode;
  }

  /** Rejects a parameter whose condition another one may contradict. */
  static void rejectBoth(String name, String other, @Nullable Object otherValue) {
    if (otherValue != null)
      throw InvalidRequestException.parameter(
          name, "must not be given together with " + other + "; send one of both");
  }

  private static String requireOrigin(String name) {
    if (StableNames.find(SessionOrigin.class, name).isEmpty())
      throw new IllegalArgumentException(WireNames.mustBeOneOfTypes(SessionOrigin.class));
    return name;
  }

  private static <T> @Nullable T parse(
      String name, @Nullable String text, Function<String, T> parser) {
    try {
      return text == null ? null : parser.apply(text);
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.parameter(name, String.valueOf(exception.getMessage()));
    }
  }
}
