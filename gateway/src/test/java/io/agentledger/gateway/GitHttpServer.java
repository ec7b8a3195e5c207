package io.agentledger.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
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

  private final Path repositories;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch ended = new CountDownLatch(1);
  final List<String> authorized = new CopyOnWriteArrayList<>();

  GitHttpServer(Path repositories) throws IOException {
    this.repositories = repositories;
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
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    for (var role : List.of("AUTHOR", "COMMITTER")) {
      builder.environment().put("GIT_" + role + "_NAME", "A Test");
      builder.environment().put("GIT_" + role + "_EMAIL", "test@example.com");
    }
    var process = builder.start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) throw new IOException(Arrays.toString(command) + ": " + text);
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
    return text.strip();
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
      } else backend(exchange);
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

  /** Runs git's own CGI program. */
  private void backend(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath().replaceFirst("^/(private|open)", "");
    var builder = new ProcessBuilder("git", "http-backend");
    var environment = builder.environment();
    environment.put("GIT_PROJECT_ROOT", repositories.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("PATH_INFO", path);
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    var query = exchange.getRequestURI().getQuery();
    environment.put("QUERY_STRING", query == null ? "" : query);
    header(exchange, "Content-Type", "CONTENT_TYPE", environment);
    header(exchange, "Git-Protocol", "GIT_PROTOCOL", environment);
    header(exchange, "Content-Encoding", "HTTP_CONTENT_ENCODING", environment);
    var process = builder.start();
    try (var in = process.getOutputStream()) {
      exchange.getRequestBody().transferTo(in);
    }
    reply(exchange, process.getInputStream().readAllBytes());
  }

  private static void header(
      HttpExchange exchange,
      String header,
      String variable,
      java.util.Map<String, String> environment) {
    var value = exchange.getRequestHeaders().getFirst(header);
    if (value != null) environment.put(variable, value);
  }

  private static void reply(HttpExchange exchange, byte[] output) throws IOException {
    var in = new ByteArrayInputStream(output);
    int status = 200;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colonIndex = line.indexOf(':');
      var name = line.substring(0, colonIndex);
      var value = line.substring(colonIndex + 1).strip();
      if (name.equalsIgnoreCase("Status")) status = Integer.parseInt(value.substring(0, 3));
      else exchange.getResponseHeaders().add(name, value);
    }
    var body = in.readAllBytes();
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) exchange.getResponseBody().write(body);
  }

  private static String line(ByteArrayInputStream in) {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read())
      if (c != '\r') line.append((char) c);
    return line.toString();
  }

  @Override
  public void close() {
    ended.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
