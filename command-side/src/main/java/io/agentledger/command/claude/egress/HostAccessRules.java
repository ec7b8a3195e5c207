package io.agentledger.command.claude.egress;

import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.HostPattern;
import io.agentledger.command.claude.policy.HostPolicies;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.support.outbound.Destination;
import java.util.List;
import java.util.Optional;

/**
 * Rules for the hosts that a session may connect to: a denial always beats a permission, and both
 * the operator and the environment must permit a host.
 */
final class HostAccessRules {
  private final List<HostPattern> allowed;
  private final List<HostPattern> denied;
  private final HostPolicies policies;

  HostAccessRules(EgressSettings settings, HostPolicies policies) {
    this.allowed = settings.allowedPatterns();
    this.denied = settings.deniedPatterns();
    this.policies = policies;
  }

  /**
   * Returns the rule that allows the connection, as text that a user can look up. The policies for
   * shell commands do not concern a page: those for WebFetch were evaluated with its call. May
   * block.
   *
   * @throws EgressDeniedException if it is denied
   */
  String requireAllowed(
      EgressClient client, Subject subject, Network network, Destination destination)
      throws EgressDeniedException {
    if (client == EgressClient.WITHOUT_PERMIT)
      throw new EgressDeniedException("no WebFetch call for this host is allowed and in progress");
    if (denied.stream()
        .anyMatch(hostPattern -> hostPattern.denies(destination.host(), destination.port())))
      throw new EgressDeniedException("the operator denies this host");
    HostPolicies.DeniedHosts deniedHosts = policies.deniedHosts(subject);
    Optional<String> policy = deniedHosts.findDenial(destination.host());
    if (policy.isPresent() && client == EgressClient.COMMAND)
      throw new EgressDeniedException(policy.get());
    String rule = requireAllowedByEnvironment(network, destination);
    if (isAddress(destination) && !(network instanceof Network.Limited)) {
      if (client == EgressClient.WEB_FETCH)
        throw new EgressDeniedException("pages at IP addresses must be listed by the environment");
      if (deniedHosts.hasAny() || !denied.isEmpty())
        throw new EgressDeniedException(
            "IP addresses are not allowed while hosts are denied by name");
    }
    if (!allowed.isEmpty() && !covers(allowed, destination))
      throw new EgressDeniedException("the host is not in the operator's list of allowed hosts");
    return rule;
  }

  private static String requireAllowedByEnvironment(Network network, Destination destination)
      throws EgressDeniedException {
    return switch (network) {
      case Network.Closed() ->
          throw new EgressDeniedException("the environment's network is closed");
      case Network.Limited(List<String> hosts) -> requireListed(hosts, destination);
      case Network.Open() -> requirePublicWebHost(destination);
    };
  }

  private static String requireListed(List<String> hosts, Destination destination)
      throws EgressDeniedException {
    return hosts.stream()
        .filter(
            line ->
                HostPattern.of(line)
                    .filter(hostPattern -> covers(List.of(hostPattern), destination))
                    .isPresent())
        .findFirst()
        .map(line -> "the environment lists " + line)
        .orElseThrow(
            () -> new EgressDeniedException("the environment does not list this host and port"));
  }

  /**
   * Allows public host names and addresses; a name without a dot belongs to the machine or its
   * local network.
   */
  private static String requirePublicWebHost(Destination destination) throws EgressDeniedException {
    boolean full = destination.host().indexOf('.') >= 0 || destination.host().indexOf(':') >= 0;
    if (!full || destination.host().endsWith(".localhost"))
      throw new EgressDeniedException(
          "an open network allows only fully qualified host names and IP addresses");
    if (destination.port() != 80 && destination.port() != 443)
      throw new EgressDeniedException("an open network allows only ports 80 and 443");
    return "the environment's network is open";
  }

  private static boolean isAddress(Destination destination) {
    return destination.host().indexOf(':') >= 0
        || destination
            .host()
            .chars()
            .allMatch(character -> character == '.' || Character.isDigit(character));
  }

  private static boolean covers(List<HostPattern> hostPatterns, Destination destination) {
    return hostPatterns.stream()
        .anyMatch(hostPattern -> hostPattern.covers(destination.host(), destination.port()));
  }
}
