package io.agentledger.api.permission;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for policies. */
@StableName("policy")
public sealed interface PolicyCommand {
  /** How many policies a tenant may have that are not archived. */
  int POLICIES_MAX = 200;

  /** How many rules a policy may have. */
  int RULES_MAX = 100;

  /** How many tools, paths, commands or hosts a rule may name. */
  int PATTERNS_MAX = 50;

  /** How long each of them may be, in characters. */
  int PATTERN_LENGTH_MAX = 500;

  @TargetAggregateIdentifier
  PolicyId policyId();

  /**
   * Answered with the {@link PolicyId}, or with the first one's when repeated. It counts from the
   * next tool call on, on every node.
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
   * Replaces the rules of a policy; answered with the new version. The same again does nothing.
   *
   * @param version that the change is based on; another one has been there meanwhile is refused
   */
  @RequiresScope(Scope.POLICIES_WRITE)
  @StableName("ChangePolicy")
  record ChangePolicy(PolicyId policyId, String name, PolicyDefinition definition, long version)
      implements PolicyCommand {}

  /** It counts no more, for good; its history stays. Twice is once. */
  @RequiresScope(Scope.POLICIES_WRITE)
  @StableName("ArchivePolicy")
  record ArchivePolicy(PolicyId policyId) implements PolicyCommand {}
}
