package io.agentledger.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentledger.store.flow.GitBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Git server for repositories below a directory. {@code /private} requires a password, {@code
 * /elsewhere} redirects to another host, {@code /slow} never responds.
 */
final class GitHttpServer implements AutoCloseable {
  static final String USER = "somebody";
  static final String PASSWORD = "pass-word-of-a-test";

  private final GitBackend backend;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch ended = new CountDownLatch(1);
  final List<String> authorized = new CopyOnWriteArrayList<>();

  GitHttpServer(Path repositories) throws IOException {
    backend = new GitBackend(repositories);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  static String runGit(Path folder, String... command) throws IOException {
    return GitBackend.run(folder, command);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      if (path.startsWith("/slow")) {
        ended.await();
      } else if (path.startsWith("/elsewhere")) {
        exchange.getResponseHeaders().set("Location", "http://127.0.0.2:" + port() + "/open" + "?");
        exchange.sendResponseHeaders(302, -1);
      } else if (path.startsWith("/private") && !isKnown(exchange)) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(401, -1);
      } else backend.respond(exchange, path.replaceFirst("^/(private|open)", ""), () -> {});
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isKnown(HttpExchange exchange) {
    var shown = exchange.getRequestHeaders().getFirst("Authorization");
    if (shown != null) authorized.add(shown);
    var login = (USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8);
    return ("Basic " + Base64.getEncoder().encodeToString(login)).equals(shown);
  }

  @Override
  public void close() {
    ended.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
