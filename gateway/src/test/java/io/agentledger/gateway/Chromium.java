package io.agentledger.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chromium without a window, controlled by the WebDriver protocol of the W3C. It needs the programs
 * {@code chromium} and {@code chromedriver}; the packages of Debian are chromium and
 * chromium-driver.
 */
final class Chromium implements AutoCloseable {
  static final String ENTER = "\uE007";
  static final String ESCAPE = "\uE00C";
  static final String TAB = "\uE004";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process driver;
  private final String session;

  Chromium() {
    try {
      driver = new ProcessBuilder("chromedriver", "--port=0").redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException("install the packages chromium and chromium-driver", e);
    }
    try {
      var url = "http://127.0.0.1:" + awaitPort() + "/session";
      var arguments =
          List.of(
              "--headless=new",
              "--no-sandbox", // The tests may run as root.
              "--disable-dev-shm-usage",
              "--window-size=1180,860");
      var options =
          Map.of(
              "goog:chromeOptions",
              Map.of("args", arguments),
              "goog:loggingPrefs",
              Map.of("browser", "ALL"));
      var body = Map.of("capabilities", Map.of("alwaysMatch", options));
      session = url + "/" + send("POST", url, body).path("sessionId").asString();
    } catch (IOException | RuntimeException e) {
      close(driver);
      throw new IllegalStateException("the browser did not start", e);
    }
  }

  private int awaitPort() throws IOException {
    var output = driver.inputReader();
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      var started = STARTED.matcher(line);
      if (started.find()) return Integer.parseInt(started.group(1));
    }
    throw new IOException("chromedriver has ended");
  }

  private JsonNode send(String method, String url, Object body) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(TIMEOUT)
              .method(
                  method,
                  method.equals("POST")
                      ? BodyPublishers.ofString(JSON.writeValueAsString(body))
                      : BodyPublishers.noBody())
              .build();
      var response = client.send(request, BodyHandlers.ofString());
      var value = JSON.readTree(response.body()).path("value");
      if (response.statusCode() != 200) throw new IllegalStateException(value.toString());
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void load(String url) {
    send("POST", session + "/url", Map.of("url", url));
  }

  /** Runs the body of a function of the page, and returns its result. */
  JsonNode run(String script) {
    return send("POST", session + "/execute/sync", Map.of("script", script, "args", List.of()));
  }

  /** Presses and releases keys one after the other; their characters are those of WebDriver. */
  void type(String keys) {
    var actions = new ArrayList<Map<String, String>>();
    keys.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            key -> {
              actions.add(Map.of("type", "keyDown", "value", key));
              actions.add(Map.of("type", "keyUp", "value", key));
            });
    var keyboard = Map.of("type", "key", "id", "keyboard", "actions", actions);
    send("POST", session + "/actions", Map.of("actions", List.of(keyboard)));
  }

  /** Sends a command of the DevTools protocol. */
  void control(String command, Map<String, ?> parameters) {
    var body = Map.of("cmd", command, "params", parameters);
    send("POST", session + "/goog/cdp/execute", body);
  }

  /** Returns messages of the console since the last call. */
  List<String> console() {
    var entries = send("POST", session + "/se/log", Map.of("type", "browser"));
    return entries.valueStream().map(entry -> entry.path("message").asString()).toList();
  }

  void screenshot(Path file) throws IOException {
    var image = send("GET", session + "/screenshot", Map.of()).asString();
    Files.write(file, Base64.getDecoder().decode(image));
  }

  @Override
  public void close() {
    try {
      send("DELETE", session, Map.of());
    } finally {
      close(driver);
    }
  }

  private static void close(Process driver) {
    driver.descendants().forEach(ProcessHandle::destroyForcibly);
    driver.destroyForcibly();
  }
}
