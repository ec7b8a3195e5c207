package io.agentledger.command.support.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scope of an address, by the registries of special-purpose addresses of RFC 6890. An address that
 * contains an IPv4 address has the scope of that IPv4 address, if it can be connected to at all.
 */
public enum AddressScope {
  /** Public internet. */
  PUBLIC,
  /** Private network: RFC 1918 and unique local addresses. */
  PRIVATE,
  /** Shared address space of a carrier, RFC 6598. */
  SHARED,
  /** Cloud metadata services, which issue credentials without authentication. */
  METADATA,
  /** This machine. */
  LOOPBACK,
  /** Link-local addresses. */
  LINK_LOCAL,
  /** Multicast addresses. */
  MULTICAST,
  /** The unspecified address, which many systems treat as this machine. */
  UNSPECIFIED,
  /** Tunnels and translations, which may lead anywhere. */
  TRANSLATED,
  /** Reserved for documentation, tests and future use. */
  RESERVED;

  /** Ranges with their scopes; the first one that contains an address applies. */
  private static final Map<Cidr, AddressScope> RANGES = new LinkedHashMap<>();

  private static final Cidr WELL_KNOWN_NAT64 = Cidr.of("64:ff9b::/96");
  private static final Cidr GLOBAL_UNICAST = Cidr.of("2000::/3");

  static {
    put(METADATA, "169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32");
    put(METADATA, "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32");
    put(METADATA, "fd00:ec2::254/128", "fd00:ec2::23/128", "fd20:ce::254/128");
    put(UNSPECIFIED, "0.0.0.0/8", "::/128");
    put(LOOPBACK, "127.0.0.0/8", "::1/128");
    put(PRIVATE, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");
    put(SHARED, "100.64.0.0/10");
    put(LINK_LOCAL, "169.254.0.0/16", "fe80::/10");
    put(MULTICAST, "224.0.0.0/4", "ff00::/8");
    put(RESERVED, "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24");
    put(RESERVED, "203.0.113.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24");
    put(RESERVED, "240.0.0.0/4", "fec0::/10", "100::/64", "2001:db8::/32", "3fff::/20");
    put(TRANSLATED, "192.88.99.0/24", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48");
    put(TRANSLATED, "2001::/32", "2002::/16");
    put(RESERVED, "2001::/23");
  }

  private static void put(AddressScope addressScope, String... ranges) {
    for (var range : ranges) RANGES.put(Cidr.of(range), addressScope);
  }

  public static AddressScope classify(InetAddress address) {
    if (WELL_KNOWN_NAT64.contains(address)) {
      var bytes = address.getAddress();
      return classify(Cidr.address(Arrays.copyOfRange(bytes, 12, 16)));
    }
    for (var range : RANGES.entrySet())
      if (range.getKey().contains(address)) return range.getValue();
    if (address instanceof Inet4Address) return PUBLIC;
    if (!GLOBAL_UNICAST.contains(address)) return RESERVED;
    return isIsatap(address.getAddress()) ? TRANSLATED : PUBLIC;
  }

  /** Returns whether the last eight bytes are an ISATAP interface identifier, RFC 5214. */
  private static boolean isIsatap(byte[] address) {
    return (address[8] & 0xFC) == 0
        && address[9] == 0
        && address[10] == 0x5E
        && (address[11] & 0xFF) == 0xFE;
  }

  /** Scopes that an operator can permit for host names. */
  static final List<AddressScope> ON_PREMISES = List.of(PUBLIC, PRIVATE, SHARED);
}
