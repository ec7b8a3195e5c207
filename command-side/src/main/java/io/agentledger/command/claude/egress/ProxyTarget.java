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
 * @param tunnel whether the client requests a tunnel, instead of an HTTP request to be forwarded
 */
record ProxyTarget(Destination destination, boolean tunnel) {
  private static final Pattern AUTHORITY = Pattern.compile("[^/?#@\\s]+:[0-9]{1,5}");

  /** Thrown for a request that is not valid for a proxy, or that is ambiguous. */
  static final class MalformedRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedRequestException(String text) {
      super(text, null, false, false);
    }
  }

  static ProxyTarget parse(HttpRequest request) throws MalformedRequestException {
    if (request.decoderResult().isFailure())
      throw new MalformedRequestException("This is not a valid HTTP request.");
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1)
      throw new MalformedRequestException("A request must have only one Host header.");
    return request.method().equals(HttpMethod.CONNECT)
        ? parseConnect(request.uri(), hosts)
        : parseAbsoluteUri(request.uri(), hosts);
  }

  private static ProxyTarget parseConnect(String authority, List<String> hosts)
      throws MalformedRequestException {
    if (!AUTHORITY.matcher(authority).matches())
      throw new MalformedRequestException("CONNECT requires a host and a port.");
    Destination destination = parseDestination("https://" + authority);
    for (String host : hosts) { // Some clients omit the port in the Host header.
      if (!parseDestination("https://" + host).host().equals(destination.host()))
        throw new MalformedRequestException("The Host header does not match the request.");
    }
    return new ProxyTarget(destination, true);
  }

  private static ProxyTarget parseAbsoluteUri(String uri, List<String> hosts)
      throws MalformedRequestException {
    if (!uri.regionMatches(true, 0, "http://", 0, 7))
      throw new MalformedRequestException(
          "A proxy request must be CONNECT, or have an absolute http:// URI.");
    Destination destination = parseDestination(uri);
    for (String host : hosts) {
      Destination hostHeader = parseDestination("http://" + host);
      if (!hostHeader.host().equals(destination.host()) || hostHeader.port() != destination.port())
        throw new MalformedRequestException("The Host header does not match the request.");
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
