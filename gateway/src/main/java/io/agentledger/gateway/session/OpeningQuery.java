package io.agentledger.gateway.session;

import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.support.Plain;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/** A query that opens the session it is asked in. */
record OpeningQuery(
    @NotBlank(message = "must not be blank")
        @Size(max = Input.PROMPT_LENGTH_MAX, message = "must be 1 to 100000 characters")
        String prompt,
    @Nullable @Size(max = 200, message = "must be at most 200 characters") @Plain String title,
    @Nullable @Size(max = 16, message = "must be at most 16 pairs")
        Map<
                @Size(min = 1, max = 64, message = "must have keys of 1 to 64 characters") @Plain
                String,
                @Size(max = 512, message = "must be at most 512 characters") String>
            metadata,
    @Nullable @Valid WorkspaceWish workspace,
    @Nullable @Size(min = 1, max = NAME_LENGTH_MAX, message = "must be 1 to 500 characters") @Plain
        String model,
    @Nullable PermissionMode permissionMode,
    @Nullable @Size(max = RULES_MAX, message = "must be at most 100 rules")
        List<@NotBlank(message = RULE) @Size(max = NAME_LENGTH_MAX, message = RULE) @Plain String>
            allowedTools,
    @Nullable @Size(max = RULES_MAX, message = "must be at most 100 rules")
        List<@NotBlank(message = RULE) @Size(max = NAME_LENGTH_MAX, message = RULE) @Plain String>
            disallowedTools,
    @Nullable @Range(min = 1, max = RunOptions.MAX_TURNS_MAX, message = "must be 1 to 1000")
        Integer maxTurns,
    @Nullable @Range(min = 1, max = 86_400, message = "must be 1 to 86400") Long timeoutSeconds,
    @Nullable Money budgetUsd,
    @Nullable @Size(max = SessionTools.SERVERS_MAX, message = "must be at most 16 servers")
        List<@NotNull(message = "must be the id of an MCP server") McpServerId> mcpServers,
    @Nullable @Size(max = SessionTools.CLIENT_TOOLS_MAX, message = "must be at most 64 tools")
        List<@NotNull(message = "must be a tool") @Valid ClientToolBody> clientTools)
    implements Wishing, Opening {
  private static final String RULE = "must be a rule of 1 to 500 characters";
}
