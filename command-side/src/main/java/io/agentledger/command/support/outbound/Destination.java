package io.agentledger.command.support.outbound;

import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A URL without ambiguity: http or https, one host in canonical form, no user information. Its
 * address is not checked.
 *
 * @param uri without a fragment, with its authority in canonical form
 * @param host in lower case, without a trailing dot; an IPv6 address without brackets
 */
public record Destination(URI uri, String host, int port) {
  private static final int LENGTH_MAX = 2048;
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?"
              + "(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*");

  /**
   * Hosts that lenient parsers read as an IPv4 address, but RFC 3986 does not: {@code 0x7f.1},
   * {@code 2130706433}.
   */
  private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");

  private static final Pattern PLAIN_IPV4 =
      Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

  /** Parses a URL, or throws with the rule that it violates. */
  public static Destination of(String url) {
    if (url.length() > LENGTH_MAX) throw new OutboundRefusedException(Rule.URL);
    try {
      return of(new URI(url));
    } catch (URISyntaxException e) {
      throw new OutboundRefusedException(Rule.URL);
    }
  }

  private static Destination of(URI uri) {
    var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https"))
      throw new OutboundRefusedException(Rule.URL);
    var authority = uri.getRawAuthority();
    if (authority == null || uri.isOpaque()) throw new OutboundRefusedException(Rule.URL);
    if (authority.indexOf('@') >= 0) throw new OutboundRefusedException(Rule.USER_INFO);
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    var host = normalizeHost(hasPort ? authority.substring(0, colon) : authority);
    int defaultPort = scheme.equals("https") ? HTTPS : HTTP;
    int port = hasPort ? port(authority.substring(colon + 1), defaultPort) : defaultPort;
    return new Destination(rebuild(scheme, hostHeader(host, port, defaultPort), uri), host, port);
  }

  private static int port(String written, int defaultPort) {
    if (written.isEmpty()) return defaultPort;
    if (!written.matches("[0-9]{1,5}")) throw new OutboundRefusedException(Rule.PORT);
    return Integer.parseInt(written);
  }

  private static String normalizeHost(String written) {
    var host = written.toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) return ipv6(host);
    if (host.endsWith(".")) host = host.substring(0, host.length() - 1);
    boolean fits =
        ENDS_IN_A_NUMBER.matcher(host).matches()
            ? PLAIN_IPV4.matcher(host).matches()
            : NAME.matcher(host).matches();
    if (!fits) throw new OutboundRefusedException(Rule.HOST);
    return parseLiteral(host).map(InetAddress::getHostAddress).orElse(host);
  }

  private static String ipv6(String host) {
    var inside = host.endsWith("]") ? host.substring(1, host.length() - 1) : "";
    if (inside.indexOf(':') < 0 || inside.indexOf('%') >= 0)
      throw new OutboundRefusedException(Rule.HOST);
    return parseLiteral(inside).orElseThrow().getHostAddress();
  }

  private static String hostHeader(String host, int port, int defaultPort) {
    var shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return port == defaultPort ? shown : shown + ":" + port;
  }

  /**
   * Rebuilds the URI from its parsed parts, so that every later parser reads it in the same way.
   */
  private static URI rebuild(String scheme, String authority, URI from) {
    var ascii = URI.create(from.toASCIIString());
    var path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
    var query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
    return URI.create(scheme + "://" + authority + path + query);
  }

  /** Returns the address if the host is an address literal. */
  static Optional<InetAddress> parseLiteral(String host) {
    if (host.indexOf(':') < 0 && !PLAIN_IPV4.matcher(host).matches()) return Optional.empty();
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      throw new OutboundRefusedException(Rule.HOST);
    }
  }

  public boolean isEncrypted() {
    return "https".equals(uri.getScheme());
  }

  /** Returns the value of the Host header; the port only if it is not the scheme's default. */
  String hostHeader() {
    return uri.getRawAuthority();
  }
}
