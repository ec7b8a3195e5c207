package io.agentledger.command.claude.egress;

import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.HostPattern;
import io.agentledger.command.claude.policy.HostPolicies;
import io.agentledger.command.support.outbound.Destination;
import java.util.List;
import java.util.Optional;

/**
 * Which hosts a session may name: what is denied beats what is allowed, whoever says it, and nobody
 * reaches further than the operator and the environment both let them.
 */
final class HostAccessRules {
  private final List<HostPattern> allowed;
  private final List<HostPattern> denied;
  private final HostPolicies policies;

  HostAccessRules(EgressSettings settings, HostPolicies policies) {
    this.allowed = settings.allowed();
    this.denied = settings.denied();
    this.policies = policies;
  }

  /**
   * May block.
   *
   * @return what allows it, in words that a person can look up
   */
  String requireAllowed(EgressContext egressContext, Destination to) throws EgressDeniedException {
    if (denied.stream().anyMatch(hostPattern -> hostPattern.denies(to.host(), to.port())))
      throw new EgressDeniedException("the operator denies this host");
    HostPolicies.DeniedHosts deniedHosts = policies.closedTo(egressContext.whose());
    Optional<String> policy = deniedHosts.closes(to.host());
    if (policy.isPresent()) throw new EgressDeniedException(policy.get());
    String rule = environment(egressContext.network(), to);
    if (isAddress(to) && !isListed(egressContext) && (deniedHosts.areAny() || !denied.isEmpty()))
      throw new EgressDeniedException(
          "hosts are denied by name, and an address may be one of them");
    if (!allowed.isEmpty() && !covers(allowed, to))
      throw new EgressDeniedException("the operator's list of hosts does not have it");
    return rule;
  }

  private static String environment(Network network, Destination to) throws EgressDeniedException {
    return switch (network) {
      case Network.Closed() ->
          throw new EgressDeniedException("the environment's network is closed");
      case Network.Limited(List<String> hosts) -> listed(hosts, to);
      case Network.Open() -> usual(to);
    };
  }

  private static String listed(List<String> hosts, Destination to) throws EgressDeniedException {
    return hosts.stream()
        .filter(
            line ->
                HostPattern.of(line)
                    .filter(hostPattern -> covers(List.of(hostPattern), to))
                    .isPresent())
        .findFirst()
        .map(line -> "the environment lists " + line)
        .orElseThrow(
            () -> new EgressDeniedException("the environment does not list this host and port"));
  }

  /** Everybody on the internet; a short name is the machine's own or its network's. */
  private static String usual(Destination to) throws EgressDeniedException {
    boolean full = to.host().indexOf('.') >= 0 || to.host().indexOf(':') >= 0;
    if (!full || to.host().endsWith(".localhost"))
      throw new EgressDeniedException("an open network is for full names and addresses");
    if (to.port() != 80 && to.port() != 443)
      throw new EgressDeniedException("an open network is for ports 80 and 443");
    return "the environment's network is open";
  }

  private static boolean isListed(EgressContext egressContext) {
    return egressContext.network() instanceof Network.Limited;
  }

  private static boolean isAddress(Destination to) {
    return to.host().indexOf(':') >= 0
        || to.host().chars().allMatch(each -> each == '.' || Character.isDigit(each));
  }

  private static boolean covers(List<HostPattern> hostPatterns, Destination to) {
    return hostPatterns.stream().anyMatch(hostPattern -> hostPattern.covers(to.host(), to.port()));
  }
}
