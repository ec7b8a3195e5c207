package io.agentledger.command.claude.egress;

import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.OutboundRefused;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a request to a proxy wants to go, understood in one way only.
 *
 * @param tunnel whether bytes are to be carried, and no request
 */
record Wish(Destination to, boolean tunnel) {
  private static final Pattern AUTHORITY = Pattern.compile("[^/?#@\\s]+:[0-9]{1,5}");

  /** A request that is none for a proxy, or that can be read in two ways. */
  static final class Unclear extends Exception {
    private static final long serialVersionUID = 1L;

    Unclear(String words) {
      super(words, null, false, false);
    }
  }

  static Wish of(HttpRequest request) throws Unclear {
    if (request.decoderResult().isFailure()) throw new Unclear("This is no request of HTTP.");
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1) throw new Unclear("A request names one host.");
    return request.method().equals(HttpMethod.CONNECT)
        ? tunnel(request.uri(), hosts)
        : plain(request.uri(), hosts);
  }

  private static Wish tunnel(String authority, List<String> hosts) throws Unclear {
    if (!AUTHORITY.matcher(authority).matches())
      throw new Unclear("CONNECT names a host and a port.");
    Destination to = destination("https://" + authority);
    for (String host : hosts) { // Some name it there without its port.
      if (!destination("https://" + host).host().equals(to.host()))
        throw new Unclear("The Host header names another host.");
    }
    return new Wish(to, true);
  }

  private static Wish plain(String uri, List<String> hosts) throws Unclear {
    if (!uri.regionMatches(true, 0, "http://", 0, 7))
      throw new Unclear("A proxy is asked with CONNECT, or with a whole http:// address.");
    Destination to = destination(uri);
    for (String host : hosts) {
      Destination said = destination("http://" + host);
      if (!said.host().equals(to.host()) || said.port() != to.port())
        throw new Unclear("The Host header names another host.");
    }
    return new Wish(to, false);
  }

  private static Destination destination(String url) throws Unclear {
    try {
      return Destination.of(url);
    } catch (OutboundRefused refused) {
      throw new Unclear("An address " + refused.rule().words() + ".");
    }
  }
}
