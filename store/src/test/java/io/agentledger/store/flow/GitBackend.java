package io.agentledger.store.flow;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Git's own server program for the repositories below a directory. */
public final class GitBackend {
  private final Path repositories;

  public GitBackend(Path repositories) {
    this.repositories = repositories;
  }

  /** Executes a program with a configuration of its own; returns its output. */
  public static String run(Path folder, String... command) throws IOException {
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

  /**
   * Responds to a request.
   *
   * @param path path of the repository and of the request in it
   * @param beforeResponse what happens after the effect of the request
   */
  public void respond(HttpExchange exchange, String path, Runnable beforeResponse)
      throws IOException {
    var builder = new ProcessBuilder("git", "http-backend");
    var environment = builder.environment();
    environment.put("GIT_PROJECT_ROOT", repositories.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("REMOTE_USER", "tester");
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
    var output = process.getInputStream().readAllBytes();
    beforeResponse.run();
    reply(exchange, output);
  }

  private static void header(
      HttpExchange exchange, String header, String variable, Map<String, String> environment) {
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
}
