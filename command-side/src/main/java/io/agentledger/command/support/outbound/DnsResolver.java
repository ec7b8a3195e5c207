package io.agentledger.command.support.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Which addresses a name has now. May block. */
@FunctionalInterface
public interface DnsResolver {
  List<InetAddress> addressesOf(String host) throws UnknownHostException;

  /** The system's own. */
  static DnsResolver ofTheSystem() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
