package io.agentledger.command.support.outbound;

import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Which destinations are open: what the internet may see, and what the operator allows beside it.
 * For those who make connections of their own: connect to an address that {@link #addressesOf}
 * returned, and never ask for the name again.
 */
public final class DestinationPolicy {
  private final OutboundSettings settings;
  private final List<Cidr> networks;
  private final DnsResolver dnsResolver;

  public DestinationPolicy(OutboundSettings settings, DnsResolver dnsResolver) {
    this.settings = settings;
    this.networks = settings.networks();
    this.dnsResolver = dnsResolver;
  }

  /**
   * What can be said of a URL without asking for its name; for the moment when it is set. Whether
   * it may be spoken to is seen each time that it is.
   */
  public Destination check(String url) {
    return check(Destination.of(url));
  }

  private Destination check(Destination destination) {
    if (!settings.ports().contains(destination.port()))
      throw new OutboundRefusedException(Rule.PORT);
    var host = destination.host();
    var literal = Destination.literal(host);
    literal.ifPresent(address -> check(host, address));
    if (literal.isEmpty() && isShort(host) && !settings.isVouchedFor(host))
      throw new OutboundRefusedException(Rule.HOST);
    return destination;
  }

  /** Names that a search list of the system would complete, or that are this machine's. */
  private static boolean isShort(String host) {
    return host.indexOf('.') < 0 || host.endsWith(".localhost");
  }

  /**
   * Looks the name up, once. May block.
   *
   * @return at least one, all of them open: a name that has one closed address is closed
   */
  public List<InetAddress> addressesOf(Destination destination) {
    return addressesOf(destination.host());
  }

  List<InetAddress> addressesOf(String host) {
    var literal = Destination.literal(host);
    var found = literal.isPresent() ? List.of(literal.get()) : lookUp(host);
    found.forEach(address -> check(host, address));
    return found;
  }

  private List<InetAddress> lookUp(String host) {
    try {
      var found = dnsResolver.addressesOf(host);
      if (found.isEmpty()) throw new OutboundRefusedException(Rule.NAME);
      return List.copyOf(found);
    } catch (UnknownHostException nobody) {
      throw new OutboundRefusedException(Rule.NAME);
    }
  }

  private void check(String host, InetAddress address) {
    if (!isOpen(host, address)) throw new OutboundRefusedException(Rule.NETWORK);
  }

  private boolean isOpen(String host, InetAddress address) {
    var addressScope = AddressScope.classify(address);
    if (addressScope == AddressScope.METADATA) return false; // Whatever else is allowed.
    return addressScope == AddressScope.PUBLIC
        || networks.stream().anyMatch(network -> network.contains(address))
        || settings.isVouchedFor(host) && AddressScope.OF_THE_PREMISES.contains(addressScope);
  }
}
