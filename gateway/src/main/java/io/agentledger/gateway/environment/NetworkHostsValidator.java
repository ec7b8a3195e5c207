package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.HostPattern;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/** Validates the hosts of a limited network as {@link HostPattern}s. */
final class NetworkHostsValidator {
  private NetworkHostsValidator() {}

  /** Returns the network with hosts in lower case, without duplicates. */
  static Network normalize(Network network) {
    return network instanceof Network.Limited limited
        ? new Network.Limited(normalize(limited.hosts()))
        : network;
  }

  // JSON may omit the hosts, although the record does not permit null.
  @SuppressWarnings("ConstantValue")
  private static List<String> normalize(List<String> hosts) {
    if (hosts == null || hosts.isEmpty() || hosts.size() > EnvironmentDefinition.HOSTS_MAX)
      throw InvalidRequestException.body("/network/hosts", "must be 1 to 64 hosts");
    var names = new LinkedHashSet<String>();
    for (int i = 0; i < hosts.size(); i++) {
      var name = hosts.get(i) == null ? "" : hosts.get(i).toLowerCase(Locale.ROOT);
      if (HostPattern.of(name).isEmpty())
        throw InvalidRequestException.body(
            "/network/hosts/" + i,
            "must be a host such as api.example.com, or *.example.com for all names below it, "
                + "with an optional port");
      names.add(name);
    }
    return new ArrayList<>(names);
  }
}
