package io.agentledger.command.permission;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.command.claude.policy.HostPolicies;
import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.PolicyEvaluator;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.ToolUse;
import io.agentledger.command.permission.PolicyLookupTable.PolicyVersion;
import io.agentledger.command.permission.PolicyLookupTable.StoredPolicy;
import io.agentledger.command.support.LruCache;
import io.agentledger.store.permission.DeniedPaths;
import io.agentledger.store.permission.FileToolDenials;
import io.agentledger.store.permission.RuleSet;
import io.agentledger.store.permission.ToolGroups;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates the policies that apply to a session. Their versions are read from the database each
 * time; their compiled rules are cached by version.
 */
final class PolicyRuleEvaluator
    implements PolicyEvaluator, HostPolicies, PathPolicies, PolicyRegistry {
  /** Maximum number of cached rule books; each can be rebuilt within milliseconds. */
  private static final int CACHED_RULES_MAX = 512;

  private static final SessionRules NO_RULES =
      new SessionRules(new RuleSet(List.of()), false, new ToolGroups(Map.of()));

  private final PolicyLookupTable policies;
  private final ToolGroupLookupTable groups;
  private final LruCache rulesCache = new LruCache(CACHED_RULES_MAX);

  PolicyRuleEvaluator(PolicyLookupTable policies, ToolGroupLookupTable groups) {
    this.policies = policies;
    this.groups = groups;
  }

  @Override
  public int countOf(TenantId tenant) {
    return policies.countOf(tenant);
  }

  @Override
  public void check(TenantId tenant, PolicyDefinition definition) {
    RuleSet.CompiledPolicy.check(definition, groups.findByTenant(tenant));
  }

  @Override
  public PolicyResult evaluate(Subject subject, ToolUse use) {
    return evaluate(rulesFor(subject), use);
  }

  @Override
  public PolicyEvaluator snapshot(Subject subject) {
    SessionRules sessionRules = rulesFor(subject);
    return (same, use) -> evaluate(sessionRules, use);
  }

  private static PolicyResult evaluate(SessionRules sessionRules, ToolUse use) {
    Optional<PermissionDecision> permissionDecision =
        sessionRules
            .rules()
            .decide(use.toEvaluatedCall())
            .map(
                decision ->
                    switch (decision.effect()) {
                      case DENY -> PermissionDecision.denied(decision.description());
                      case ASK ->
                          PermissionDecision.asked(decision.description())
                              .withTimeout(decision.rule().approvalTimeout());
                      case ALLOW -> PermissionDecision.allowed(decision.description());
                    });
    return new PolicyResult(
        permissionDecision, sessionRules.permitsBypass(), sessionRules.groups());
  }

  @Override
  public DeniedHosts deniedHosts(Subject subject) {
    RuleSet rules = rulesFor(subject).rules();
    return new DeniedHosts() {
      @Override
      public Optional<String> findDenial(String host) {
        return rules.denialOf(host);
      }

      @Override
      public boolean hasAny() {
        return rules.deniesHosts();
      }
    };
  }

  @Override
  public DeniedPaths deniedPaths(Subject subject) {
    return rulesFor(subject).rules().deniedPaths();
  }

  @Override
  public FileToolDenials deniedToFileTools(Subject subject) {
    return rulesFor(subject).rules().deniedToFileTools();
  }

  private record SessionRules(RuleSet rules, boolean permitsBypass, ToolGroups groups) {}

  /**
   * Returns the rules for the subject. They are kept under the versions of the policies, unless one
   * has changed while they were read.
   */
  private SessionRules rulesFor(Subject subject) {
    var tenant = subject.tenant();
    if (policies.isEmpty(tenant) && groups.isEmpty(tenant)) return NO_RULES;
    List<PolicyVersion> key = policies.findVersions(subject);
    SessionRules cachedRules = rulesCache.get(key);
    if (cachedRules != null) return cachedRules;
    boolean isFromOutside = // So no policy may lift all restrictions.
        key.stream().anyMatch(entry -> isOutside(entry.policyId()));
    ToolGroups toolGroups = groups.findByTenant(tenant);
    List<StoredPolicy> stored = policies.findPolicies(subject);
    SessionRules rules = compileRules(stored, toolGroups, isFromOutside);
    boolean isUnchanged = // Also if a policy was created and archived meanwhile.
        stored.stream().allMatch(policy -> key.contains(policy.version()))
            && policies.findVersions(subject).equals(key);
    if (isUnchanged) rulesCache.put(key, rules);
    return rules;
  }

  /** Returns whether an ancestor of a session is one that brings texts from outside. */
  private static boolean isOutside(String ancestor) {
    return ancestor.startsWith(TriggerId.PREFIX + "_")
        || ancestor.startsWith(ChannelId.PREFIX + "_");
  }

  private static SessionRules compileRules(
      List<StoredPolicy> stored, ToolGroups toolGroups, boolean isFromOutside) {
    List<RuleSet.CompiledPolicy> compiled =
        stored.stream()
            .map(
                storedPolicy ->
                    new RuleSet.CompiledPolicy(
                        new PolicyId(storedPolicy.version().policyId()),
                        storedPolicy.name(),
                        storedPolicy.version().inherited()
                            ? storedPolicy.definition().restrictions()
                            : storedPolicy.definition(),
                        toolGroups))
            .toList();
    return new SessionRules(
        new RuleSet(compiled),
        !isFromOutside && compiled.stream().anyMatch(RuleSet.CompiledPolicy::permitsBypass),
        toolGroups);
  }
}
