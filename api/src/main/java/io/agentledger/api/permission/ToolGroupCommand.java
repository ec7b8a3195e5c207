package io.agentledger.api.permission;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for tool groups. */
@StableName("tool_group")
public sealed interface ToolGroupCommand extends ApiCommand {
  /** Maximum number of tool groups of a tenant, without archived ones. */
  int GROUPS_MAX = 100;

  /** Maximum number of tools of a group. */
  int TOOLS_MAX = 100;

  @TargetAggregateIdentifier
  ToolGroupId toolGroupId();

  /**
   * Creates a tool group and returns its {@link ToolGroupId}; a repeated command returns the id of
   * the first one. It replaces a built-in group of the same name.
   *
   * @param name unique in its tenant, {@code [a-z0-9-]}, at most 64 characters; it never changes
   * @param tools by the CLI's names; {@code *} matches any characters
   */
  @RequiresScope(Scope.POLICIES_WRITE)
  @StableName("CreateToolGroup")
  record CreateToolGroup(
      ToolGroupId toolGroupId, String name, List<String> tools, @Nullable Idempotency idempotency)
      implements ToolGroupCommand, Idempotent {
    public CreateToolGroup {
      tools = List.copyOf(tools);
    }
  }

  /**
   * Changes a group from the next tool call on and returns the version. Does nothing if nothing
   * changes.
   */
  @RequiresScope(Scope.POLICIES_WRITE)
  @StableName("ChangeToolGroup")
  record ChangeToolGroup(ToolGroupId toolGroupId, List<String> tools, long version)
      implements ToolGroupCommand {
    public ChangeToolGroup {
      tools = List.copyOf(tools);
    }
  }

  /** Archives the group permanently. Rejected if a policy uses it. Idempotent. */
  @RequiresScope(Scope.POLICIES_WRITE)
  @StableName("ArchiveToolGroup")
  record ArchiveToolGroup(ToolGroupId toolGroupId) implements ToolGroupCommand {}
}
