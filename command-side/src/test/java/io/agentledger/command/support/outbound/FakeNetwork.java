package io.agentledger.command.support.outbound;

import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * Test network: 127.0.0.1 stands for the internet, 127.0.0.2 for an internal service that must not
 * be reachable, on the same port; and a name server of an attacker.
 */
final class FakeNetwork implements AutoCloseable {
  static final String OPEN = "127.0.0.1";
  static final String CLOSED = "127.0.0.2";

  /** Name server of an attacker: each query gets the next answer; the last one is repeated. */
  static final class FakeNameServer implements DnsResolver {
    final Queue<List<String>> answers = new ArrayDeque<>();
    final AtomicInteger requests = new AtomicInteger();
    volatile List<String> current = List.of(OPEN);

    @Override
    public synchronized List<InetAddress> resolve(String host) throws UnknownHostException {
      requests.incrementAndGet();
      if (!answers.isEmpty()) current = answers.remove();
      if (current.isEmpty()) throw new UnknownHostException(host);
      return current.stream().map(InetAddress::ofLiteral).toList();
    }
  }

  final FakeNameServer names = new FakeNameServer();

  /** Queries to the name server. */
  final List<String> lookups = new CopyOnWriteArrayList<>();

  /** Connections to the internal service. */
  final AtomicInteger intruders = new AtomicInteger();

  private final DisposableServer open;
  private final DisposableServer closed;

  FakeNetwork() {
    open = HttpServer.create().host(OPEN).port(0).route(this::routes).bindNow();
    closed =
        HttpServer.create()
            .host(CLOSED)
            .port(port())
            .doOnConnection(connection -> intruders.incrementAndGet())
            .handle((request, response) -> response.sendString(Mono.just("the secret")))
            .bindNow();
  }

  int port() {
    return open.port();
  }

  private void routes(HttpServerRoutes routes) {
    routes
        .get("/circle", (request, response) -> redirect(response, 302, "/circle"))
        .get("/large", (request, response) -> response.sendString(endless()))
        .get("/slow", (request, response) -> response.sendString(Flux.never()))
        .route(request -> true, this::answer);
  }

  private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    if (request.path().startsWith("redirect"))
      return redirect(
          response, Integer.parseInt(parameter(request, "status")), parameter(request, "to"));
    note(request);
    return response.sendString(request.receive().aggregate().asString().defaultIfEmpty("hello"));
  }

  private static Publisher<Void> redirect(HttpServerResponse response, int status, String to) {
    return response.status(status).header("Location", to).send();
  }

  private static Flux<String> endless() {
    return Flux.interval(Duration.ofMillis(1)).map(i -> "x".repeat(1_000)).onBackpressureDrop();
  }

  private void note(HttpServerRequest request) {
    lookups.add(
        request.method()
            + " "
            + request.uri()
            + " "
            + request.requestHeaders().get("Host")
            + " "
            + request.requestHeaders().get("Authorization", "-"));
  }

  private static String parameter(HttpServerRequest request, String name) {
    var query = URI.create(request.uri()).getRawQuery();
    for (var pair : query.split("&"))
      if (pair.startsWith(name + "="))
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
    throw new IllegalArgumentException(name);
  }

  @Override
  public void close() {
    open.disposeNow();
    closed.disposeNow();
  }
}
