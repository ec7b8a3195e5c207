package io.agentledger.command.support.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A range of addresses of one family in CIDR notation, such as {@code 10.0.0.0/8} or {@code
 * fd00::/8}.
 */
public record Cidr(InetAddress network, int prefix) {
  public Cidr {
    int bits = network.getAddress().length * 8;
    if (prefix < 0 || prefix > bits)
      throw new IllegalArgumentException("a prefix is 0 to " + bits + " bits");
  }

  /** Parses CIDR notation; the address must be a literal, and the bits after the prefix zero. */
  public static Cidr of(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || !text.matches("[0-9A-Fa-f:.]+/[0-9]{1,3}"))
      throw new IllegalArgumentException("must be an address, a slash and a number of bits");
    var range =
        new Cidr(
            InetAddress.ofLiteral(text.substring(0, slash)),
            Integer.parseInt(text.substring(slash + 1)));
    if (!range.contains(range.network))
      throw new IllegalArgumentException("must not have bits set after its prefix");
    return range;
  }

  public boolean contains(InetAddress address) {
    var bytes = address.getAddress();
    return bytes.length == network.getAddress().length
        && Arrays.equals(mask(bytes), network.getAddress());
  }

  private byte[] mask(byte[] address) {
    var masked = address.clone();
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.clamp(prefix - i * 8L, 0, 8);
      masked[i] = (byte) (masked[i] & 0xFF << 8 - kept);
    }
    return masked;
  }

  /** Returns the address with these bytes, without a lookup. */
  static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefix;
  }
}
