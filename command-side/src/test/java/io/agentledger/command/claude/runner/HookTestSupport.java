package io.agentledger.command.claude.runner;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentledger.api.hook.HookCommand.ArchiveHook;
import io.agentledger.api.hook.HookCommand.CreateHook;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.Signing;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.command.mcp.TokenTestSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

/** Service with a server for hooks, whose responses the test sets. */
abstract class HookTestSupport extends RunnerTestSupport {

  /** One for all contexts: Spring keeps a context as long as later tests may use it. */
  private static final HttpServer SERVER = listen();

  /** One for all contexts, too. */
  static final TokenTestSupport TOKEN_SERVER = new TokenTestSupport();

  /** Ports that contexts started from now on may connect to. */
  static final Set<Integer> PORTS =
      new CopyOnWriteArraySet<>(Set.of(SERVER.getAddress().getPort(), TOKEN_SERVER.port()));

  /** Request to the server: headers and body. */
  record ReceivedHookCall(Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .findFirst()
          .orElseThrow(() -> new AssertionError(name + " is not in " + headers))
          .getValue()
          .getFirst();
    }

    JsonNode json() {
      return JSON.readTree(body);
    }
  }

  static final List<ReceivedHookCall> RECEIVED_CALLS = new CopyOnWriteArrayList<>();
  static volatile Function<JsonNode, String> says = input -> "";
  static volatile int status = 200;

  final List<HookId> hooks = new ArrayList<>();

  private static HttpServer listen() {
    try {
      var server =
          HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/hook", HookTestSupport::answer);
      server.start();
      return server;
    } catch (IOException unavailable) {
      throw new UncheckedIOException(unavailable);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      RECEIVED_CALLS.add(new ReceivedHookCall(Map.copyOf(exchange.getRequestHeaders()), body));
      byte[] answer = says.apply(JSON.readTree(body)).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      if (answer.length > 0) exchange.getResponseBody().write(answer);
    }
  }

  @BeforeEach
  void clearReceivedCalls() {
    RECEIVED_CALLS.clear();
    says = input -> "";
    status = 200;
  }

  @AfterEach
  void archive() {
    hooks.forEach(hook -> send(new ArchiveHook(hook)));
  }

  static String url() {
    return "http://127.0.0.1:" + SERVER.getAddress().getPort() + "/hook";
  }

  static HookTarget plain() {
    return new HookTarget.Http(url(), Map.of(), List.of(), new Signing.Unsigned());
  }

  HookId hook(HookPoint point, HookTarget target) {
    return hook(point, target, "", Duration.ofSeconds(20));
  }

  HookId hook(HookPoint point, HookTarget target, String matcher, Duration timeout) {
    var definition = new HookDefinition(true, point, matcher, target, timeout, 0);
    return hook(new PolicyScope.Tenant(), definition);
  }

  HookId hook(PolicyScope scope, HookDefinition definition) {
    HookId id = HookId.next();
    hooks.add(id);
    return send(new CreateHook(id, scope, "watcher", definition, null));
  }

  String detail(HookExecuted call) {
    return sealer.open(session, HookExecuted.class, "detail", call.detail());
  }

  List<HookExecuted> executed() {
    return events(HookExecuted.class);
  }
}
