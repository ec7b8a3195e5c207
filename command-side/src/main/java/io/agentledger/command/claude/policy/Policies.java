package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.policy.Permissions.Ruling;
import io.agentledger.command.claude.policy.Permissions.ToolUse;
import io.agentledger.command.claude.policy.Permissions.Whose;
import io.agentledger.store.permission.Groups;
import java.util.Optional;

/** The policies that count for a session; who keeps them answers here. */
public interface Policies {
  /** What they say to one call, as they stand now. */
  Word word(Whose whose, ToolUse use);

  /**
   * @param ruling empty when no rule says anything
   * @param permitsBypass whether mode bypassPermissions is permitted
   * @param groups what the names of groups stand for in this tenant
   */
  record Word(Optional<Ruling> ruling, boolean permitsBypass, Groups groups) {}
}
