package io.agentledger.gateway.session;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Executor;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionFilter;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Parameters;
import io.agentledger.gateway.support.WireNames;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** Which sessions are wished for beside what they do; what is left out is every one. */
record SessionsWish(
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
  SessionFilter.With with() {
    return new SessionFilter.With(
        read(
            "permission_mode",
            permissionMode,
            mode -> WireNames.find(PermissionMode.values(), mode)),
        read("executor", executor, name -> WireNames.find(Executor.values(), name)),
        read("owner", owner, UserId::new),
        Parameters.text("agent", agent),
        Parameters.moment("from", from),
        Parameters.moment("to", to),
        Parameters.text("text", text));
  }

  private static <T> @Nullable T read(
      String name, @Nullable String said, Function<String, T> meaning) {
    try {
      return said == null ? null : meaning.apply(said);
    } catch (IllegalArgumentException refused) {
      throw Invalid.parameter(name, String.valueOf(refused.getMessage()));
    }
  }
}
