package io.agentledger.command.claude.egress;

import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Destination of a proxy request; ambiguous requests are rejected.
 *
 * @param tunnel whether bytes are to be carried, and no request
 */
record ProxyTarget(Destination destination, boolean tunnel) {
  private static final Pattern AUTHORITY = Pattern.compile("[^/?#@\\s]+:[0-9]{1,5}");

  /** A request that is none for a proxy, or that can be read in two ways. */
  static final class MalformedRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedRequestException(String text) {
      super(text, null, false, false);
    }
  }

  static ProxyTarget parse(HttpRequest request) throws MalformedRequestException {
    if (request.decoderResult().isFailure())
      throw new MalformedRequestException("This is no request of HTTP.");
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1) throw new MalformedRequestException("A request names one host.");
    return request.method().equals(HttpMethod.CONNECT)
        ? parseConnect(request.uri(), hosts)
        : parseAbsoluteUri(request.uri(), hosts);
  }

  private static ProxyTarget parseConnect(String authority, List<String> hosts)
      throws MalformedRequestException {
    if (!AUTHORITY.matcher(authority).matches())
      throw new MalformedRequestException("CONNECT names a host and a port.");
    Destination destination = parseDestination("https://" + authority);
    for (String host : hosts) { // Some name it there without its port.
      if (!parseDestination("https://" + host).host().equals(destination.host()))
        throw new MalformedRequestException("The Host header names another host.");
    }
    return new ProxyTarget(destination, true);
  }

  private static ProxyTarget parseAbsoluteUri(String uri, List<String> hosts)
      throws MalformedRequestException {
    if (!uri.regionMatches(true, 0, "http://", 0, 7))
      throw new MalformedRequestException(
          "A proxy is asked with CONNECT, or with a whole http:// address.");
    Destination destination = parseDestination(uri);
    for (String host : hosts) {
      Destination hostHeader = parseDestination("http://" + host);
      if (!hostHeader.host().equals(destination.host()) || hostHeader.port() != destination.port())
        throw new MalformedRequestException("The Host header names another host.");
    }
    return new ProxyTarget(destination, false);
  }

  private static Destination parseDestination(String url) throws MalformedRequestException {
    try {
      return Destination.of(url);
    } catch (OutboundRefusedException refused) {
      throw new MalformedRequestException("An address " + refused.rule().description() + ".");
    }
  }
}
