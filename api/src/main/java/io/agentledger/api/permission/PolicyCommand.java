package io.agentledger.api.permission;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for policies. */
@StableName("policy")
public sealed interface PolicyCommand extends ApiCommand {
  /** Maximum number of policies of a tenant, without archived ones. */
  int POLICIES_MAX = 200;

  /** Maximum number of rules of a policy. */
  int RULES_MAX = 100;

  /** Maximum number of tools, paths, commands or hosts of a rule. */
  int PATTERNS_MAX = 50;

  /** Maximum length of each of these patterns, in characters. */
  int PATTERN_LENGTH_MAX = 500;

  @TargetAggregateIdentifier
  PolicyId policyId();

  /**
   * Creates a policy and returns its {@link PolicyId}; a repeated command returns the id of the
   * first one. It applies from the next tool call on, on every node.
   *
   * @param name at most 255 characters
   */
  @RequiresScope(Scope.POLICIES_WRITE)
  @StableName("CreatePolicy")
  record CreatePolicy(
      PolicyId policyId,
      PolicyScope scope,
      String name,
      PolicyDefinition definition,
      @Nullable Idempotency idempotency)
      implements PolicyCommand, Idempotent {}

  /**
   * Replaces the rules of a policy and returns the new version. Does nothing if nothing changes.
   *
   * @param version version that the change is based on; the command is rejected if the policy has
   *     another version
   */
  @RequiresScope(Scope.POLICIES_WRITE)
  @StableName("ChangePolicy")
  record ChangePolicy(PolicyId policyId, String name, PolicyDefinition definition, long version)
      implements PolicyCommand {}

  /** Archives the policy permanently: it does not apply any more. Its history stays. Idempotent. */
  @RequiresScope(Scope.POLICIES_WRITE)
  @StableName("ArchivePolicy")
  record ArchivePolicy(PolicyId policyId) implements PolicyCommand {}
}
