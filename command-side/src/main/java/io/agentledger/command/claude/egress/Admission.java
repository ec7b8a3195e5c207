package io.agentledger.command.claude.egress;

import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.Destinations;
import io.agentledger.command.support.outbound.OutboundRefused;
import java.net.InetAddress;
import java.util.List;

/**
 * Decides about one connection: by its name, on the record, and then by its addresses, which are
 * looked up once. Blocks.
 */
record Admission(HostLaw law, Destinations destinations) {

  /**
   * @param addresses to one of which it is connected, and to no other
   */
  record Admitted(Destination to, List<InetAddress> addresses) {}

  Admitted admit(Visitor visitor, RunLedger ledger, Destination to) throws Refusal {
    try {
      ledger.name(to.host(), to.port());
      ledger.checkBudget();
      String rule = law.admit(visitor, to);
      List<InetAddress> addresses = addresses(to);
      ledger.reach(to.host(), to.port(), rule);
      return new Admitted(to, addresses);
    } catch (Refusal refused) {
      ledger.refuse(to.host(), to.port(), refused.rule());
      throw refused;
    }
  }

  private List<InetAddress> addresses(Destination to) throws Refusal {
    try {
      return destinations.addressesOf(to);
    } catch (OutboundRefused refused) {
      throw new Refusal("a host " + refused.rule().words());
    }
  }
}
