package io.agentledger.command.claude.egress;

import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import java.net.InetAddress;
import java.util.List;

/**
 * Decides about one connection: by its name, on the record, and then by its addresses, which are
 * looked up once. Blocks.
 */
record EgressAuthorizer(HostAccessRules law, DestinationPolicy destinations) {

  /**
   * @param addresses to one of which it is connected, and to no other
   */
  record ApprovedTarget(Destination to, List<InetAddress> addresses) {}

  ApprovedTarget authorize(EgressContext egressContext, RunTraffic runTraffic, Destination to)
      throws EgressDeniedException {
    try {
      runTraffic.name(to.host(), to.port());
      runTraffic.checkBudget();
      String rule = law.requireAllowed(egressContext, to);
      List<InetAddress> addresses = addresses(to);
      runTraffic.reach(to.host(), to.port(), rule);
      return new ApprovedTarget(to, addresses);
    } catch (EgressDeniedException refused) {
      runTraffic.recordRefusal(to.host(), to.port(), refused.rule());
      throw refused;
    }
  }

  private List<InetAddress> addresses(Destination to) throws EgressDeniedException {
    try {
      return destinations.addressesOf(to);
    } catch (OutboundRefusedException refused) {
      throw new EgressDeniedException("a host " + refused.rule().description());
    }
  }
}
