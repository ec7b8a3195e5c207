package io.agentledger.gateway;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.rsocket.RSocketServerLifecycle;
import io.agentledger.scripted.ApiOnlyApplication;
import io.agentledger.scripted.ScriptedBackend;
import io.agentledger.store.TestInstallation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service on free ports, and a plain HTTP client for it. */
public final class ApiTestServer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** Longer than a run takes on a machine that is three times as slow as usual. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final ConfigurableApplicationContext context;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String key;

  private ApiTestServer(ConfigurableApplicationContext context, String key) {
    this.context = context;
    this.key = key;
  }

  /** Opens the API only, with {@link ScriptedBackend} behind it. */
  public static ApiTestServer open(Path home, String... settings) {
    return new ApiTestServer(
        run(ApiOnlyApplication.class, home, context -> {}, settings), ScriptedBackend.KEY);
  }

  /**
   * Opens the whole service: its own database, the real CLI, the rehearsal upstream.
   *
   * @param home a new one, or that of a service that was closed
   */
  public static ApiTestServer openService(Path home, String... settings) throws IOException {
    return openService(home, context -> {}, settings);
  }

  /**
   * Opens the whole service with further beans.
   *
   * @param initializer registers them
   */
  public static ApiTestServer openService(
      Path home,
      ApplicationContextInitializer<GenericApplicationContext> initializer,
      String... settings)
      throws IOException {
    TestInstallation.prepare(home, List.of(settings));
    var all = new ArrayList<>(List.of(settings));
    all.add("--agentledger.postgres.binaries=" + TestInstallation.postgresSettings().binaries());
    var context = run(AgentledgerApplication.class, home, initializer, all.toArray(String[]::new));
    TestInstallation.endProcessesAtExit(home);
    return new ApiTestServer(context, Files.readString(home.resolve("owner.key")).strip());
  }

  /**
   * Returns a shared service for tests that leave no data that affects other tests; it runs until
   * the JVM ends. Its owner's rate limits allow several classes of tests.
   */
  public static ApiTestServer sharedService() {
    return Shared.SERVER;
  }

  private static final class Shared {
    static final ApiTestServer SERVER = open();

    private static ApiTestServer open() {
      var home = TestInstallation.newHome();
      // These run when every Spring context has been closed.
      SpringApplication.getShutdownHandlers().add(() -> TestInstallation.cleanUp(home));
      try {
        return openService(
            home,
            // Tests leave sessions open, and each idle CLI takes 0.7 % of a processor.
            "--agentledger.claude.idle-timeout=1m",
            "--agentledger.mcp.programs=" + root().resolve("examples/mcp"),
            "--agentledger.quota.user.calls-per-minute=100000",
            "--agentledger.quota.user.calls-per-hour=1000000",
            "--agentledger.quota.user.sessions=100");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static ConfigurableApplicationContext run(
      Class<?> application,
      Path home,
      ApplicationContextInitializer<GenericApplicationContext> initializer,
      String... settings) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--agentledger.rsocket-port=0",
                "--agentledger.home=" + home,
                "--agentledger.claude.root=" + root(),
                "--agentledger.model.upstream=rehearsal"));
    arguments.addAll(List.of(settings));
    return new SpringApplicationBuilder(application)
        .initializers(
            ApiTestServer::onLoopsOfTheJvm,
            context -> initializer.initialize((GenericApplicationContext) context))
        .run(arguments.toArray(String[]::new));
  }

  /**
   * Uses the event loops of the JVM. A service with its own loops would stop those of all others in
   * this JVM when it is closed.
   */
  private static void onLoopsOfTheJvm(ConfigurableApplicationContext context) {
    ((GenericApplicationContext) context)
        .registerBean(
            ReactorResourceFactory.class,
            () ->
                new ReactorResourceFactory() {
                  @Override
                  public void stop() {}

                  @Override
                  public void destroy() {}
                });
  }

  /** Returns the root of the repository; tests run in the directory of their module. */
  public static Path root() {
    var here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("api")) ? here : here.getParent();
  }

  public String key() {
    return key;
  }

  public ScriptedBackend backend() {
    return context.getBean(ScriptedBackend.class);
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public java.util.Collection<?> beansOf(Class<?> type) {
    return context.getBeansOfType(type).values();
  }

  public int port() {
    return ((WebServerApplicationContext) context).getWebServer().getPort();
  }

  public int rsocketPort() {
    return bean(RSocketServerLifecycle.class).port();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /** Creates a request with the owner's key. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + key);
  }

  /** Creates a request with another user's credential. */
  public HttpRequest.Builder requestAs(String secret, String path) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + secret);
  }

  public HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  public HttpResponse<String> post(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  public HttpClient client() {
    return client;
  }

  public SessionId openSession() {
    return new SessionId(json(post("/api/v1/sessions", "{}")).path("id").asString());
  }

  public static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    client.shutdownNow();
    context.close();
  }
}
