package io.agentledger.command.support.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves a name to its current addresses. May block. */
@FunctionalInterface
public interface DnsResolver {
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** Returns the resolver of the system. */
  static DnsResolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
