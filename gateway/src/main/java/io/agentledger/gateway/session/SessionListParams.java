package io.agentledger.gateway.session;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.QueryParameters;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** Which sessions are wished for beside what they do; what is left out is every one. */
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
                    allowableValues = {"interactive", "background", "forked"}))
        @Nullable String executor,
    @Parameter(description = "id of a user") @Nullable String owner,
    @Parameter(description = "name or id of an agent") @Nullable String agent,
    @Parameter(description = "opened then or later, ISO 8601") @Nullable String from,
    @Parameter(description = "opened before that, ISO 8601") @Nullable String to,
    @Parameter(description = "part of the title or of a value of the metadata, in any case")
        @Nullable String text) {
  SessionFilter.Criteria with() {
    return new SessionFilter.Criteria(
        read(
            "permission_mode",
            permissionMode,
            mode -> WireNames.find(PermissionMode.values(), mode)),
        read("executor", executor, name -> WireNames.find(ExecutionMode.values(), name)),
        read("owner", owner, UserId::new),
        QueryParameters.text("agent", agent),
        QueryParameters.moment("from", from),
        QueryParameters.moment("to", to),
        QueryParameters.text("text", text));
  }

  private static <T> @Nullable T read(
      String name, @Nullable String text, Function<String, T> meaning) {
    try {
      return text == null ? null : meaning.apply(text);
    } catch (IllegalArgumentException refused) {
      throw InvalidRequestException.parameter(name, String.valueOf(refused.getMessage()));
    }
  }
}
