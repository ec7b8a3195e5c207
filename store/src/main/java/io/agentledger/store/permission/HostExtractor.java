package io.agentledger.store.permission;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Finds the hosts in a tool's input. */
final class HostExtractor {
  private static final Pattern NAME =
      Pattern.compile("(?i)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9-]{2,63}");
  private static final Pattern URL = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://([^\\s/'\"?#\\\\]+)");
  private static final Set<String> FIELDS = Set.of("host", "hostname", "domain", "server");

  private HostExtractor() {}

  /** Collects the host of every URL, and the values of fields that name a host. */
  static void collectFromInput(JsonNode input, Set<String> hosts) {
    for (var field : input.properties()) {
      JsonNode value = field.getValue();
      if (value.isString()) {
        String text = value.asString();
        collectFromUrls(text, hosts);
        if (FIELDS.contains(field.getKey().toLowerCase(Locale.ROOT))) add(text, hosts);
      } else collectFromInput(value, hosts);
    }
    if (input.isArray())
      for (JsonNode item : input)
        if (item.isString()) collectFromUrls(item.asString(), hosts);
        else collectFromInput(item, hosts);
  }

  /** Collects the hosts of URLs, and everything that looks like a fully qualified name. */
  static void collectFromCommand(String command, Set<String> hosts) {
    collectFromUrls(command, hosts);
    Matcher name = NAME.matcher(command);
    while (name.find()) add(name.group(), hosts);
  }

  private static void collectFromUrls(String text, Set<String> hosts) {
    Matcher url = URL.matcher(text);
    while (url.find()) {
      String authority = url.group(1);
      add(host(authority), hosts);
    }
  }

  private static String host(String authority) {
    try {
      String host = new URI("http://" + authority).getHost();
      if (host != null) return host;
    } catch (URISyntaxException e) {
      // Also as written.
    }
    return authority.substring(authority.lastIndexOf('@') + 1).replaceFirst(":[0-9]*$", "");
  }

  private static void add(String host, Set<String> hosts) {
    hosts.add(normalize(host));
  }

  /**
   * Returns a host as connections name it: in lower case, without a trailing dot, with one form for
   * each address, and IPv4-mapped addresses as IPv4.
   */
  static String normalize(String host) {
    String plain = host.toLowerCase(Locale.ROOT).strip();
    if (plain.startsWith("[") && plain.endsWith("]"))
      try {
        return InetAddress.ofLiteral(plain.substring(1, plain.length() - 1)).getHostAddress();
      } catch (IllegalArgumentException e) {
        return plain;
      }
    return plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
  }
}
