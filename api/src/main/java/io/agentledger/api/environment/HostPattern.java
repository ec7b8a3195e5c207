package io.agentledger.api.environment;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pattern for hosts: {@code registry.example}, {@code *.example.com} for all names below it, {@code
 * 192.0.2.7}, {@code [2001:db8::7]}, each with an optional port, {@code registry.example:8443}.
 *
 * @param host in lower case; for a wildcard, the part behind it with the leading dot
 * @param port empty: the ports of HTTP and HTTPS
 */
public record HostPattern(String host, boolean matchesSubdomains, OptionalInt port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int PORT_MAX = 65_535;

  private static final Pattern FORM =
      Pattern.compile("(\\*\\.)?([a-z0-9_.-]{1,253}|\\[[0-9a-f:.]{2,45}])(?::([0-9]{1,5}))?");
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*");
  private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");
  private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

  /** Parses a pattern; empty if the line is not valid. */
  public static Optional<HostPattern> of(String line) {
    Matcher form = FORM.matcher(line.toLowerCase(Locale.ROOT));
    if (!form.matches()) return Optional.empty();
    boolean below = form.group(1) != null;
    String host = form.group(2);
    OptionalInt port =
        form.group(3) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(form.group(3)));
    if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > PORT_MAX))
      return Optional.empty();
    if (host.startsWith("["))
      return below
          ? Optional.empty()
          : plain(host.substring(1, host.length() - 1))
              .map(literal -> new HostPattern(literal, false, port));
    boolean isNumber = ENDS_IN_A_NUMBER.matcher(host).matches();
    boolean isValid =
        isNumber ? !below && IPV4.matcher(host).matches() : NAME.matcher(host).matches();
    return isValid
        ? Optional.of(new HostPattern(below ? "." + host : host, below, port))
        : Optional.empty();
  }

  /**
   * Normalizes an IP address: one form for each IPv6 address, and IPv4-mapped addresses as IPv4.
   */
  private static Optional<String> plain(String address) {
    try {
      return address.indexOf(':') < 0
          ? Optional.empty()
          : Optional.of(InetAddress.ofLiteral(address).getHostAddress());
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  /**
   * Returns whether the pattern covers a host and a port.
   *
   * @param name normalized host name: lower case, no trailing dot, IPv6 without brackets and in the
   *     JDK's notation
   */
  public boolean covers(String name, int targetPort) {
    boolean hostMatches =
        matchesSubdomains
            ? name.endsWith(host) && name.length() > host.length()
            : name.equals(host);
    return hostMatches
        && (port.isPresent()
            ? port.getAsInt() == targetPort
            : targetPort == HTTP || targetPort == HTTPS);
  }

  /** Returns whether this pattern covers everything that the other one covers. */
  public boolean covers(HostPattern other) {
    boolean hostCovered =
        matchesSubdomains
            ? other.host.endsWith(host)
            : !other.matchesSubdomains && host.equals(other.host);
    boolean portCovered = port.equals(other.port) || port.isEmpty() && isUsual(other.port);
    return hostCovered && portCovered;
  }

  private static boolean isUsual(OptionalInt port) {
    return port.isPresent() && (port.getAsInt() == HTTP || port.getAsInt() == HTTPS);
  }

  /**
   * Returns whether the pattern denies the host. The port is ignored: a denied host is denied on
   * every port.
   */
  public boolean denies(String name, int targetPort) {
    boolean hostMatches =
        matchesSubdomains
            ? name.endsWith(host) && name.length() > host.length()
            : name.equals(host);
    return hostMatches && (port.isEmpty() || port.getAsInt() == targetPort);
  }
}
