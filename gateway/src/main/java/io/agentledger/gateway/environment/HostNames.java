package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.EnvironmentTerms;
import io.agentledger.gateway.support.Invalid;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The hosts of a limited network: each a name, or all below one. */
final class HostNames {
  private static final int LENGTH_MAX = 253;
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  /** What ends in a number is an address, and no name. */
  private static final Pattern NAME =
      Pattern.compile("(\\*\\.)?(" + LABEL + "\\.)+(?=[a-z0-9-]*[a-z])" + LABEL + "(:[0-9]{1,5})?");

  private static final int PORT_MAX = 65_535;

  private HostNames() {}

  /** The same in lower case, each once. */
  static Network checked(Network wish) {
    return wish instanceof Network.Limited limited
        ? new Network.Limited(checked(limited.hosts()))
        : wish;
  }

  @SuppressWarnings("ConstantValue") // JSON may leave hosts out, whatever the record says.
  private static List<String> checked(List<String> hosts) {
    if (hosts == null || hosts.isEmpty() || hosts.size() > EnvironmentTerms.HOSTS_MAX)
      throw Invalid.body("/network/hosts", "must be 1 to 64 hosts");
    var names = new LinkedHashSet<String>();
    for (int i = 0; i < hosts.size(); i++) {
      var name = hosts.get(i) == null ? "" : hosts.get(i).toLowerCase(Locale.ROOT);
      if (name.length() > LENGTH_MAX || !NAME.matcher(name).matches() || !isPort(name))
        throw Invalid.body(
            "/network/hosts/" + i,
            "must be a host as api.example.com, or *.example.com for all below it");
      names.add(name);
    }
    return new ArrayList<>(names);
  }

  private static boolean isPort(String name) {
    int colon = name.indexOf(':');
    if (colon < 0) return true;
    int port = Integer.parseInt(name.substring(colon + 1));
    return port >= 1 && port <= PORT_MAX;
  }
}
