package io.agentledger.command.claude.policy;

import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Destination of a WebFetch call, as the CLI connects to it: always by TLS. */
public final class FetchDestination {
  private static final String WWW = "www.";

  private FetchDestination() {}

  /**
   * Returns the destination that the input of a call names; empty if its URL is invalid, or if
   * other parsers could find another host in it.
   */
  public static Optional<Destination> find(JsonNode input) {
    try {
      Destination written = Destination.of(input.path("url").asString(""));
      return written.isEncrypted()
          ? Optional.of(written)
          : Optional.of(ofAuthority(written.uri().getRawAuthority(), written));
    } catch (OutboundRefusedException refused) {
      return Optional.empty();
    }
  }

  /**
   * Returns the same page at the host's name with {@code www.}, or without it if it begins so: the
   * only other host to which the CLI follows a redirect without a new call.
   */
  public static Optional<Destination> findAlternative(Destination destination) {
    String authority = destination.uri().getRawAuthority();
    try {
      return Optional.of(
          ofAuthority(
              authority.startsWith(WWW) ? authority.substring(WWW.length()) : WWW + authority,
              destination));
    } catch (OutboundRefusedException address) {
      return Optional.empty();
    }
  }

  private static Destination ofAuthority(String authority, Destination page) {
    String query = page.uri().getRawQuery() == null ? "" : "?" + page.uri().getRawQuery();
    return Destination.of("https://" + authority + page.uri().getRawPath() + query);
  }
}
