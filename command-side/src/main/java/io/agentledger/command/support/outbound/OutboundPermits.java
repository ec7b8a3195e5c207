package io.agentledger.command.support.outbound;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Destinations that the operator permits; see {@link OutboundSettings} for the meaning of the
 * fields.
 */
record OutboundPermits(Set<Integer> ports, List<Cidr> networks, List<String> hosts) {
  private static final int PORT_MAX = 65_535;

  static final OutboundPermits NONE = new OutboundPermits(Set.of(), List.of(), List.of());

  OutboundPermits {
    for (int port : ports)
      if (port < 1 || port > PORT_MAX)
        throw new IllegalArgumentException(port + " is not a port: 1 to " + PORT_MAX);
    hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }

  static OutboundPermits from(OutboundSettings settings) {
    return new OutboundPermits(settings.ports(), settings.networks(), settings.allowedHosts());
  }

  OutboundPermits plus(OutboundPermits more) {
    return new OutboundPermits(
        Stream.concat(ports.stream(), more.ports.stream()).collect(Collectors.toSet()),
        Stream.concat(networks.stream(), more.networks.stream()).toList(),
        Stream.concat(hosts.stream(), more.hosts.stream()).toList());
  }

  /** Returns whether the operator permitted the host by its name. */
  boolean allowsHost(String host) {
    return hosts.stream()
        .anyMatch(known -> known.startsWith(".") ? host.endsWith(known) : host.equals(known));
  }
}
