package io.agentledger.command.claude.runner;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentledger.command.support.outbound.DnsResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Test network: a permitted host at 127.0.0.2, a protected service at 127.0.0.1, and names that
 * resolve to either.
 */
final class EgressTestNetwork implements DnsResolver, AutoCloseable {
  static final String TREASURE = "a treasure of this machine";

  final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final HttpServer host = serve("127.0.0.2", this::answer);
  private final HttpServer loopback = serve("127.0.0.1", exchange -> respond(exchange, TREASURE));
  private final AtomicInteger rebound = new AtomicInteger();

  private static final Map<String, List<String>> NAMES =
      Map.of(
          "allowed.test", List.of("127.0.0.2"),
          "below.wild.test", List.of("127.0.0.2"),
          "denied.test", List.of("127.0.0.2"),
          "unlisted.test", List.of("127.0.0.2"),
          "inside.test", List.of("127.0.0.1"),
          "mapped.test", List.of("::ffff:127.0.0.1"),
          "mixed.test", List.of("127.0.0.2", "127.0.0.1"),
          "metadata.test", List.of("169.254.169.254"));

  private static HttpServer serve(String address, com.sun.net.httpserver.HttpHandler handler) {
    try {
      var server = HttpServer.create(new InetSocketAddress(address, 0), 50);
      server.createContext("/", handler);
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return host.getAddress().getPort();
  }

  int protectedPort() {
    return loopback.getAddress().getPort();
  }

  @Override
  public List<InetAddress> resolve(String name) throws UnknownHostException {
    if (name.equals("rebound.test")) { // The first answer is permitted, the later ones are not.
      return List.of(
          InetAddress.ofLiteral(rebound.getAndIncrement() == 0 ? "127.0.0.2" : "127.0.0.1"));
    }
    var addresses = NAMES.get(name);
    if (addresses == null) throw new UnknownHostException(name);
    return addresses.stream().map(InetAddress::ofLiteral).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    int size = exchange.getRequestBody().readAllBytes().length;
    String host = exchange.getRequestHeaders().getFirst("Host");
    String line = exchange.getRequestMethod() + " " + host + exchange.getRequestURI();
    requests.add(line + " " + String.join(",", exchange.getRequestHeaders().keySet()));
    respond(exchange, "you said " + line + " and " + size + " bytes");
  }

  private static void respond(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, head ? -1 : bytes.length);
    if (!head) exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    host.stop(0);
    loopback.stop(0);
  }
}
