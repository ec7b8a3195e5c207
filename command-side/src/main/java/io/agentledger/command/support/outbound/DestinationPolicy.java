package io.agentledger.command.support.outbound;

import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Policy for outbound destinations: public addresses, and those that the operator permits. Callers
 * that connect themselves must connect to an address that {@link #resolve} returned and never
 * resolve the name again.
 */
public final class DestinationPolicy {
  private final Supplier<OutboundPermits> permits;
  private final DnsResolver dnsResolver;

  public DestinationPolicy(OutboundSettings settings, DnsResolver dnsResolver) {
    var permitted = OutboundPermits.from(settings);
    this.permits = () -> permitted;
    this.dnsResolver = dnsResolver;
  }

  /** Creates a policy that also permits what the file permits at the time of a check. */
  DestinationPolicy(OutboundSettings settings, OutboundPermitsFile more, DnsResolver dnsResolver) {
    var permitted = OutboundPermits.from(settings);
    this.permits = () -> permitted.plus(more.current());
    this.dnsResolver = dnsResolver;
  }

  /**
   * Checks a URL without resolving its name, for use when it is configured. Its addresses are
   * checked at every connection.
   */
  public Destination check(String url) {
    return check(Destination.of(url));
  }

  private Destination check(Destination destination) {
    var permitted = permits.get();
    if (!permitted.ports().contains(destination.port()))
      throw OutboundRefusedException.ofPort(destination.port());
    var host = destination.host();
    var literal = Destination.parseLiteral(host);
    literal.ifPresent(address -> check(permitted, host, address));
    if (literal.isEmpty() && isSingleLabel(host) && !permitted.allowsHost(host))
      throw new OutboundRefusedException(Rule.HOST);
    return destination;
  }

  /**
   * Returns whether the system would complete the name by its search list, or resolve it to this
   * machine.
   */
  private static boolean isSingleLabel(String host) {
    return host.indexOf('.') < 0 || host.endsWith(".localhost");
  }

  /**
   * Resolves the name once and checks its addresses. May block.
   *
   * @return at least one address; all are permitted, because a name with one forbidden address is
   *     refused
   */
  public List<InetAddress> resolve(Destination destination) {
    return resolve(destination.host());
  }

  List<InetAddress> resolve(String host) {
    var permitted = permits.get();
    var literal = Destination.parseLiteral(host);
    var addresses = literal.isPresent() ? List.of(literal.get()) : lookUp(host);
    addresses.forEach(address -> check(permitted, host, address));
    return addresses;
  }

  private List<InetAddress> lookUp(String host) {
    try {
      var addresses = dnsResolver.resolve(host);
      if (addresses.isEmpty()) throw new OutboundRefusedException(Rule.NAME);
      return List.copyOf(addresses);
    } catch (UnknownHostException e) {
      throw new OutboundRefusedException(Rule.NAME);
    }
  }

  private static void check(OutboundPermits permitted, String host, InetAddress address) {
    if (!isAllowed(permitted, host, address)) throw new OutboundRefusedException(Rule.NETWORK);
  }

  private static boolean isAllowed(OutboundPermits permitted, String host, InetAddress address) {
    var addressScope = AddressScope.classify(address);
    if (addressScope == AddressScope.METADATA) return false; // Never permitted by settings.
    return addressScope == AddressScope.PUBLIC
        || permitted.networks().stream().anyMatch(network -> network.contains(address))
        || permitted.allowsHost(host) && AddressScope.ON_PREMISES.contains(addressScope);
  }
}
