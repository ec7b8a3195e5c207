package io.agentledger.command.claude.egress;

import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import java.net.InetAddress;
import java.util.List;

/**
 * Authorizes one connection: first by host name, which is recorded, then by the addresses, which
 * are resolved once. Blocks.
 */
record EgressAuthorizer(HostAccessRules rules, DestinationPolicy destinations) {

  /**
   * Authorized destination.
   *
   * @param addresses the only addresses to which a connection may be made
   */
  record ApprovedTarget(Destination destination, List<InetAddress> addresses) {}

  ApprovedTarget authorize(
      EgressClient client, EgressContext egressContext, RunTraffic traffic, Destination destination)
      throws EgressDeniedException {
    try {
      traffic.registerHost(destination.host(), destination.port());
      traffic.checkQuota();
      String rule =
          rules.requireAllowed(
              client, egressContext.subject(), egressContext.network(), destination);
      List<InetAddress> addresses = resolveAddresses(destination);
      traffic.recordReached(destination.host(), destination.port(), rule);
      return new ApprovedTarget(destination, addresses);
    } catch (EgressDeniedException refused) {
      traffic.recordRefusal(destination.host(), destination.port(), refused.rule());
      throw refused;
    }
  }

  private List<InetAddress> resolveAddresses(Destination destination) throws EgressDeniedException {
    try {
      return destinations.resolve(destination);
    } catch (OutboundRefusedException refused) {
      throw new EgressDeniedException("a host " + refused.rule().description());
    }
  }
}
