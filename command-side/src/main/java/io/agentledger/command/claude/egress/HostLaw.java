package io.agentledger.command.claude.egress;

import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.HostRule;
import io.agentledger.command.claude.policy.HostPolicies;
import io.agentledger.command.support.outbound.Destination;
import java.util.List;
import java.util.Optional;

/**
 * Which hosts a session may name: what is denied beats what is allowed, whoever says it, and nobody
 * reaches further than the operator and the environment both let them.
 */
final class HostLaw {
  private final List<HostRule> allowed;
  private final List<HostRule> denied;
  private final HostPolicies policies;

  HostLaw(EgressSettings settings, HostPolicies policies) {
    this.allowed = settings.allowed();
    this.denied = settings.denied();
    this.policies = policies;
  }

  /**
   * May block.
   *
   * @return what allows it, in words that a person can look up
   */
  String admit(Visitor visitor, Destination to) throws Refusal {
    if (denied.stream().anyMatch(rule -> rule.denies(to.host(), to.port())))
      throw new Refusal("the operator denies this host");
    HostPolicies.Closed closed = policies.closedTo(visitor.whose());
    Optional<String> policy = closed.closes(to.host());
    if (policy.isPresent()) throw new Refusal(policy.get());
    String rule = environment(visitor.network(), to);
    if (isAddress(to) && !isListed(visitor) && (closed.areAny() || !denied.isEmpty()))
      throw new Refusal("hosts are denied by name, and an address may be one of them");
    if (!allowed.isEmpty() && !covers(allowed, to))
      throw new Refusal("the operator's list of hosts does not have it");
    return rule;
  }

  private static String environment(Network network, Destination to) throws Refusal {
    return switch (network) {
      case Network.Closed() -> throw new Refusal("the environment's network is closed");
      case Network.Limited(List<String> hosts) -> listed(hosts, to);
      case Network.Open() -> usual(to);
    };
  }

  private static String listed(List<String> hosts, Destination to) throws Refusal {
    return hosts.stream()
        .filter(line -> HostRule.of(line).filter(rule -> covers(List.of(rule), to)).isPresent())
        .findFirst()
        .map(line -> "the environment lists " + line)
        .orElseThrow(() -> new Refusal("the environment does not list this host and port"));
  }

  /** Everybody on the internet; a short name is the machine's own or its network's. */
  private static String usual(Destination to) throws Refusal {
    boolean full = to.host().indexOf('.') >= 0 || to.host().indexOf(':') >= 0;
    if (!full || to.host().endsWith(".localhost"))
      throw new Refusal("an open network is for full names and addresses");
    if (to.port() != 80 && to.port() != 443)
      throw new Refusal("an open network is for ports 80 and 443");
    return "the environment's network is open";
  }

  private static boolean isListed(Visitor visitor) {
    return visitor.network() instanceof Network.Limited;
  }

  private static boolean isAddress(Destination to) {
    return to.host().indexOf(':') >= 0
        || to.host().chars().allMatch(each -> each == '.' || Character.isDigit(each));
  }

  private static boolean covers(List<HostRule> rules, Destination to) {
    return rules.stream().anyMatch(rule -> rule.covers(to.host(), to.port()));
  }
}
