package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.command.claude.policy.HostPolicies;
import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.PolicyEvaluator;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.ToolUse;
import io.agentledger.command.permission.PolicyLookupTable.InForce;
import io.agentledger.command.support.LruAggregateCache;
import io.agentledger.store.permission.DeniedPaths;
import io.agentledger.store.permission.RuleSet;
import io.agentledger.store.permission.ToolGroups;
import java.util.List;
import java.util.Optional;

/**
 * Asks the policies that count for a session: which ones, the database says each time; what they
 * say is kept ready, version by version.
 */
final class PolicyDecisionPoint
    implements PolicyEvaluator, HostPolicies, PathPolicies, PolicyRegistry {
  /** Rule books that are kept ready; each is made again within milliseconds. */
  private static final int BOOKS_MAX = 512;

  private final PolicyLookupTable policies;
  private final ToolGroupLookupTable groups;
  private final LruAggregateCache books = new LruAggregateCache(BOOKS_MAX);

  PolicyDecisionPoint(PolicyLookupTable policies, ToolGroupLookupTable groups) {
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
    SessionRules sessionRules = book(subject);
    Optional<PermissionDecision> permissionDecision =
        sessionRules
            .rules()
            .judge(use.ruled())
            .map(
                judged ->
                    switch (judged.effect()) {
                      case DENY -> PermissionDecision.denied(judged.description());
                      case ASK ->
                          PermissionDecision.asked(judged.description())
                              .within(judged.rule().patience());
                      case ALLOW -> PermissionDecision.allowed(judged.description());
                    });
    return new PolicyResult(
        permissionDecision, sessionRules.permitsBypass(), sessionRules.groups());
  }

  @Override
  public DeniedHosts closedTo(Subject subject) {
    RuleSet rules = book(subject).rules();
    return new DeniedHosts() {
      @Override
      public Optional<String> closes(String host) {
        return rules.closes(host);
      }

      @Override
      public boolean areAny() {
        return rules.closesHosts();
      }
    };
  }

  @Override
  public DeniedPaths pathsClosedTo(Subject subject) {
    return book(subject).rules().closedPaths();
  }

  private record SessionRules(RuleSet rules, boolean permitsBypass, ToolGroups groups) {}

  /**
   * What is changed between the two looks makes a newer book under an older key: never asked again.
   */
  private SessionRules book(Subject subject) {
    List<InForce> key = policies.findBySubject(subject);
    SessionRules known = books.get(key);
    if (known != null) return known;
    SessionRules made = compileRules(subject);
    books.put(key, made);
    return made;
  }

  private SessionRules compileRules(Subject subject) {
    ToolGroups own = groups.findByTenant(subject.tenant());
    List<RuleSet.CompiledPolicy> compiled =
        policies.textsOf(subject).stream()
            .map(
                text ->
                    new RuleSet.CompiledPolicy(
                        new PolicyId(text.of().policyId()), text.name(), text.terms(), own))
            .toList();
    return new SessionRules(
        new RuleSet(compiled),
        compiled.stream().anyMatch(RuleSet.CompiledPolicy::permitsBypass),
        own);
  }
}
