package io.agentledger.api.permission;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for tool groups. */
@StableName("tool_group")
public sealed interface ToolGroupCommand {
  /** How many groups a tenant may have that are not archived. */
  int GROUPS_MAX = 100;

  /** How many tools a group may name. */
  int TOOLS_MAX = 100;

  @TargetAggregateIdentifier
  ToolGroupId toolGroupId();

  /**
   * Answered with the {@link ToolGroupId}, or with the first one's when repeated. It replaces a
   * built-in group of the same name.
   *
   * @param name unique in its tenant, {@code [a-z0-9-]}, at most 64 characters; it never changes
   * @param tools by the CLI's names; {@code *} stands for anything
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

  /** Applies from the next tool call on; answered with the version. The same does nothing. */
  @RequiresScope(Scope.POLICIES_WRITE)
  @StableName("ChangeToolGroup")
  record ChangeToolGroup(ToolGroupId toolGroupId, List<String> tools, long version)
      implements ToolGroupCommand {
    public ChangeToolGroup {
      tools = List.copyOf(tools);
    }
  }

  /** For good; one that a policy names is in use, and stays. Twice is once. */
  @RequiresScope(Scope.POLICIES_WRITE)
  @StableName("ArchiveToolGroup")
  record ArchiveToolGroup(ToolGroupId toolGroupId) implements ToolGroupCommand {}
}
