package io.agentledger.command.model;

import static io.agentledger.command.model.SocketClient.messagesRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.SocketClient.Reply;
import io.agentledger.command.model.rehearsal.RehearsalUpstream;
import io.agentledger.command.model.rehearsal.ScenarioRegistry;
import io.agentledger.command.model.usage.ModelExchange;
import io.agentledger.command.model.usage.ModelExchange.Phase;
import io.agentledger.command.model.usage.UsageFile;
import io.agentledger.command.support.SocketOwner;
import io.agentledger.command.support.UnixSocketClient;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway on a real Unix socket, with the rehearsal as its upstream. */
class ModelGatewayTest {
  private static final Map<String, ?> BASH =
      Map.of("tools", List.of(Map.of("name", "Bash", "input_schema", Map.of("type", "object"))));

  private RehearsalGateway rehearsalGateway;
  private SocketClient client;

  @BeforeEach
  void open() throws IOException {
    rehearsalGateway = new RehearsalGateway();
    client = new SocketClient(rehearsalGateway.socket.path());
  }

  @AfterEach
  void close() throws IOException {
    rehearsalGateway.close();
  }

  @Test
  void responseStreamsInTheApisOrder() {
    Reply reply =
        client.stream(
            messagesRequest("scenario: thinking", Map.of("thinking", Map.of("type", "adaptive"))));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers().get("content-type")).startsWith("text/event-stream");
    assertThat(reply.headers().get("request-id")).isNotBlank();
    List<String> order = new ArrayList<>(reply.types());
    assertThat(order)
        .startsWith("message_start", "ping", "content_block_start", "content_block_delta");
    assertThat(order)
        .endsWith("content_block_delta", "content_block_stop", "message_delta", "message_stop");
    assertThat(reply.events())
        .filteredOn(e -> !e.at("/delta/signature").asString("").isEmpty())
        .hasSize(1);
    assertThat(text(reply, "thinking")).startsWith("A question.").endsWith("see me think.");
    assertThat(text(reply, "text")).isEqualTo("I have thought about it, and the answer is 42.");
  }

  @Test
  void thinkingIsOmittedIfTheRequestDisablesIt() {
    assertThat(text(client.stream(messagesRequest("scenario: thinking", Map.of())), "thinking"))
        .isEmpty();
  }

  @Test
  void parallelToolCallsStreamTheirInputInJsonFragments() {
    Reply reply = client.stream(messagesRequest("scenario: parallel-tools", BASH));

    List<JsonNode> tools =
        reply.events().stream()
            .filter(e -> e.at("/content_block/type").asString("").equals("tool_use"))
            .toList();
    assertThat(tools).hasSize(3);
    for (JsonNode tool : tools) {
      int index = tool.path("index").asInt();
      var input = new StringBuilder();
      reply.events().stream()
          .filter(e -> e.path("index").asInt(-1) == index)
          .forEach(e -> input.append(e.at("/delta/partial_json").asString("")));
      assertThat(new JsonMapper().readTree(input.toString()).path("command").asString())
          .startsWith("echo ");
      assertThat(
              rehearsalGateway.socket.findRequestedToolCall(
                  tool.at("/content_block/id").asString()))
          .hasValueSatisfying(
              requestedToolCall -> assertThat(requestedToolCall.name()).isEqualTo("Bash"));
    }
    assertThat(rehearsalGateway.socket.findRequestedToolCall("toolu_never")).isEmpty();
    assertThat(reply.events())
        .anyMatch(e -> e.at("/delta/stop_reason").asString("").equals("tool_use"));
  }

  @Test
  void nonStreamedResponseIsMetered() throws IOException {
    Reply reply =
        client.send(
            HttpMethod.POST,
            "/v1/messages?beta=true",
            messagesRequest("scenario: parallel-tools", plus(BASH, "stream", false)));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("stop_reason").asString()).isEqualTo("tool_use");
    assertThat(reply.json().path("content").get(1).at("/input/command").asString())
        .isEqualTo("echo first");
    assertThat(
            rehearsalGateway.socket.findRequestedToolCall(
                reply.json().path("content").get(3).path("id").asString()))
        .isPresent();
    assertThat(rehearsalGateway.exchanges())
        .singleElement()
        .satisfies(
            e ->
                assertThat(e.usage().outputTokens())
                    .isEqualTo(reply.json().at("/usage/output_tokens").asLong()));
  }

  @Test
  void searchOfAPermittedCallIsAnsweredCountedAndPriced() throws IOException {
    var prices = RehearsalGateway.settings("https://api.example", true);
    try (var priced =
        new RehearsalGateway(new RehearsalUpstream(ScenarioRegistry.load(null), 0), prices)) {
      priced.socket.permitSearch(
          ToolCallId.next(), new WebSearchPermit("weather", List.of(), List.of()));
      Reply reply = new SocketClient(priced.socket.path()).stream(searchRequest("weather"));

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.events().toString())
          .contains("server_tool_use", "web_search_tool_result", "Rehearsed page 1 about weather");
      assertThat(priced.exchanges())
          .singleElement()
          .satisfies(
              exchange -> {
                assertThat(exchange.usage().webSearches()).isEqualTo(1);
                assertThat(exchange.cost().nanos())
                    .isGreaterThan(10_000_000)
                    .isLessThan(20_000_000);
              });
    }
  }

  @Test
  void rejectsASearchThatNoCallPermits() {
    Reply reply = client.stream(searchRequest("weather"));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(exchanges()).isEmpty();
  }

  private static String searchRequest(String query) {
    return messagesRequest(
        "Perform a web search for the query: " + query,
        Map.of(
            "system",
            List.of(
                Map.of(
                    "type",
                    "text",
                    "text",
                    "You are an assistant for performing a web search tool use")),
            "tools",
            List.of(Map.of("type", "web_search_20250305", "name", "web_search", "max_uses", 8))));
  }

  @Test
  void warmUpIsAnsweredOnceWithoutTheModelAndARecord() {
    rehearsalGateway.socket.answerWarmUp();
    Reply warmUp = client.stream(messagesRequest("scenario: text", Map.of()));
    assertThat(warmUp.status()).isEqualTo(200);
    assertThat(text(warmUp, "text")).isEqualTo("Ready.");
    assertThat(warmUp.types()).endsWith("message_delta", "message_stop");
    assertThat(exchanges()).isEmpty();
    assertThat(text(client.stream(messagesRequest("scenario: text", Map.of())), "text"))
        .isNotEqualTo("Ready.");
    assertThat(exchanges()).hasSize(1);
  }

  @Test
  void runIsNeverAnsweredAsAWarmUp() {
    rehearsalGateway.socket.answerWarmUp();
    rehearsalGateway.socket.bindRun(RehearsalGateway.account(RunId.next()));
    assertThat(text(client.stream(messagesRequest("scenario: text", Map.of())), "text"))
        .isNotEqualTo("Ready.");
  }

  @Test
  void countTokensIsAnswered() throws IOException {
    Reply reply =
        client.send(
            HttpMethod.POST,
            "/v1/messages/count_tokens?beta=true",
            messagesRequest("hello", Map.of()));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("input_tokens").asInt()).isGreaterThan(10);
    assertThat(rehearsalGateway.exchanges()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/messages",
    "POST, /v1/complete",
    "POST, /v1/messages/batches",
    "GET, /",
    "POST, //v1/messages",
    "POST, /v1/messages/../models",
    "DELETE, /v1/messages",
    "POST, /v1/messages/"
  })
  void otherRoutesAreNotFoundInTheApisFormat(String method, String uri) {
    Reply reply = client.send(HttpMethod.valueOf(method), uri, "{}");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().path("type").asString()).isEqualTo("error");
    assertThat(reply.json().at("/error/type").asString()).isEqualTo("not_found_error");
  }

  @Test
  void startupProbeIsAnswered() {
    assertThat(client.send(HttpMethod.HEAD, "/", "").status()).isEqualTo(200);
  }

  @Test
  void rejectsOversizedRequest() {
    Reply reply =
        client.send(
            HttpMethod.POST, "/v1/messages", messagesRequest("x".repeat(1 << 20), Map.of()));

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.json().at("/error/type").asString()).isEqualTo("request_too_large");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {"{", "[]", "{}", "{\"messages\":[]}", "{\"messages\":\"x\"}"})
  void rejectsMalformedRequest(String body) {
    Reply reply = client.send(HttpMethod.POST, "/v1/messages", body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().at("/error/type").asString()).isEqualTo("invalid_request_error");
  }

  @Test
  void rateLimitHasRetryAfterAndEnds() {
    String body = messagesRequest("scenario: error-429", Map.of());

    Reply first = client.stream(body);
    Reply second = client.stream(body);
    Reply third = client.stream(body);

    assertThat(List.of(first.status(), second.status(), third.status()))
        .containsExactly(429, 429, 200);
    assertThat(first.headers().get("retry-after")).isEqualTo("1");
    assertThat(first.json().at("/error/type").asString()).isEqualTo("rate_limit_error");
    assertThat(text(third, "text")).isEqualTo("After two rate limits I can answer.");
  }

  @Test
  void brokenStreamBreaksDownstreamAndIsMeteredAsCut() throws IOException {
    Reply reply = client.stream(messagesRequest("scenario: broken-stream", Map.of()));

    assertThat(reply.broken()).isTrue();
    assertThat(reply.types()).doesNotContain("message_stop", "content_block_stop");
    ModelExchange cut =
        await().until(rehearsalGateway::exchanges, list -> list.size() == 1).getFirst();
    assertThat(cut.phase()).isEqualTo(Phase.CUT);
    assertThat(cut.estimated()).isTrue();
    assertThat(cut.usage().outputTokens()).isBetween(10L, 30L);
    assertThat(client.stream(messagesRequest("scenario: broken-stream", Map.of())).types())
        .endsWith("message_stop");
  }

  @Test
  void errorEventEndsTheStream() throws IOException {
    Reply reply = client.stream(messagesRequest("scenario: error-event", Map.of()));

    assertThat(reply.broken()).isFalse();
    assertThat(reply.types()).endsWith("error");
    assertThat(reply.events().getLast().at("/error/type").asString()).isEqualTo("overloaded_error");
    assertThat(
            await().until(rehearsalGateway::exchanges, list -> list.size() == 1).getFirst().phase())
        .isEqualTo(Phase.CUT);
  }

  @Test
  void usageIsWrittenBeforeTheLastBytesAreForwarded() {
    var atLastChunk = new ArrayList<ModelExchange>();
    client
        .chunks(messagesRequest("scenario: text", Map.of()), new int[1], new HttpHeaders[1])
        .doOnNext(
            chunk -> {
              if (chunk.contains("message_delta")) atLastChunk.addAll(exchanges());
            })
        .blockLast(SocketClient.TIMEOUT);

    assertThat(atLastChunk)
        .singleElement()
        .satisfies(
            exchange -> {
              assertThat(exchange.exchangeId())
                  .matches("exc_[23456789abcdefghjkmnpqrstuvwxyz]{10}");
              assertThat(exchange.phase()).isEqualTo(Phase.FINAL);
              assertThat(exchange.sessionId())
                  .isEqualTo(RehearsalGateway.CALLER.sessionId().value());
              assertThat(exchange.runId()).isEqualTo(RehearsalGateway.RUN.value());
              assertThat(exchange.processId())
                  .isEqualTo(RehearsalGateway.CALLER.processId().value());
              assertThat(exchange.model()).isEqualTo("claude-opus-4-8");
              assertThat(exchange.messageId()).startsWith("msg_rehearsal_");
              assertThat(exchange.stopReason()).isEqualTo("end_turn");
              assertThat(exchange.simulated()).isTrue();
              assertThat(exchange.cost().nanos()).isPositive();
            });
  }

  @Test
  void rehearsedAnswersAreChargedIfTheSettingsSaySo() throws IOException {
    client.stream(messagesRequest("scenario: text", Map.of()));
    assertThat(rehearsalGateway.exchanges().getFirst().paid()).isEqualTo(Money.ZERO);
    rehearsalGateway.close();
    rehearsalGateway =
        new RehearsalGateway(
            new RehearsalUpstream(ScenarioRegistry.load(null), 0),
            RehearsalGateway.settings("https://x.example", true));
    new SocketClient(rehearsalGateway.socket.path())
        .stream(messagesRequest("scenario: text", Map.of()));
    assertThat(rehearsalGateway.exchanges().getFirst().paid()).isGreaterThan(Money.ZERO);
  }

  @Test
  void disconnectedCallerEndsTheExchangeWhichIsMeteredAsCut() throws IOException {
    rehearsalGateway.close();
    rehearsalGateway =
        new RehearsalGateway(
            new RehearsalUpstream(ScenarioRegistry.load(null), 100),
            RehearsalGateway.settings("https://x.example"));
    client = new SocketClient(rehearsalGateway.socket.path());
    List<String> expectedInodes = Collections.synchronizedList(new ArrayList<>());
    Disposable call =
        client
            .chunks(
                messagesRequest("scenario: slow-text", Map.of()), new int[1], new HttpHeaders[1])
            .subscribe(expectedInodes::add);
    await().until(() -> String.join("", expectedInodes).contains("text_delta"));
    assertThat(rehearsalGateway.exchanges()).isEmpty();

    call.dispose();

    ModelExchange cut =
        await().until(rehearsalGateway::exchanges, list -> list.size() == 1).getFirst();
    assertThat(cut.phase()).isEqualTo(Phase.CUT);
  }

  @Test
  void limitsConcurrentExchangesPerProcess() throws IOException {
    rehearsalGateway.close();
    rehearsalGateway =
        new RehearsalGateway(
            new RehearsalUpstream(ScenarioRegistry.load(null), 100),
            RehearsalGateway.settings("https://x.example"));
    client = new SocketClient(rehearsalGateway.socket.path());
    List<Integer> statuses =
        Flux.range(0, 6)
            .flatMap(
                i ->
                    Flux.defer(
                            () -> {
                              var status = new int[1];
                              return client
                                  .chunks(
                                      messagesRequest("scenario: text", Map.of()),
                                      status,
                                      new HttpHeaders[1])
                                  .last()
                                  .map(last -> status[0]);
                            })
                        .subscribeOn(Schedulers.boundedElastic()))
            .collectList()
            .block(SocketClient.TIMEOUT);

    assertThat(statuses).hasSize(6).containsOnly(200, 429);
    assertThat(statuses.stream().filter(s -> s == 429)).hasSize(2);
    assertThat(client.stream(messagesRequest("scenario: text", Map.of())).status()).isEqualTo(200);
  }

  @Test
  void restartReopensThePathAndKeepsTheUsage() throws IOException {
    Reply reply = client.stream(messagesRequest("scenario: parallel-tools", BASH));
    String request =
        reply.events().stream()
            .map(e -> e.at("/content_block/id").asString(""))
            .filter(id -> !id.isEmpty())
            .findFirst()
            .orElseThrow();
    Path socket = rehearsalGateway.socket.path();

    var nextNode =
        new ModelGateway(
            new RehearsalUpstream(ScenarioRegistry.load(null), 0),
            RehearsalGateway.rule(),
            RehearsalGateway.settings("https://x.example"));
    try (nextNode) {
      ModelSocket again =
          nextNode.open(
              socket,
              SocketOwner.ofService(),
              rehearsalGateway.usageFile(),
              RehearsalGateway.CALLER);
      again.bindRun(RehearsalGateway.account(RehearsalGateway.RUN));

      assertThat(client.stream(messagesRequest("scenario: text", Map.of())).status())
          .isEqualTo(200);
      assertThat(again.findRequestedToolCall(request)).isPresent();
      assertThat(rehearsalGateway.exchanges())
          .hasSize(2)
          .extracting(ModelExchange::exchangeId)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void closingEndsOpenExchangesAndWaitsForTheirUsage() throws IOException {
    rehearsalGateway.close();
    rehearsalGateway =
        new RehearsalGateway(
            new RehearsalUpstream(ScenarioRegistry.load(null), 100),
            RehearsalGateway.settings("https://x.example"));
    client = new SocketClient(rehearsalGateway.socket.path());
    List<String> expectedInodes = Collections.synchronizedList(new ArrayList<>());
    var end =
        client
            .chunks(
                messagesRequest("scenario: slow-text", Map.of()), new int[1], new HttpHeaders[1])
            .doOnNext(expectedInodes::add)
            .then()
            .toFuture();
    await().until(() -> String.join("", expectedInodes).contains("text_delta"));

    rehearsalGateway.socket.close();

    assertThat(rehearsalGateway.exchanges())
        .extracting(ModelExchange::phase)
        .containsExactly(Phase.CUT);
    assertThat(end).failsWithin(SocketClient.TIMEOUT);
    rehearsalGateway.socket.close();
  }

  @Test
  void concurrentProcessesAreMeteredOnTheirOwnSockets() throws IOException {
    int count = 50;
    List<ModelSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var processRef = new ProcessRef(SessionId.next(), ProcessId.next());
      sockets.add(
          rehearsalGateway.gateway.open(
              rehearsalGateway.directory.resolve(i + ".sock"),
              SocketOwner.ofService(),
              rehearsalGateway.directory.resolve(i + ".jsonl"),
              processRef));
      sockets.getLast().bindRun(RehearsalGateway.account(RunId.next()));
    }

    List<Reply> replies =
        Flux.fromIterable(sockets)
            .flatMap(
                socket ->
                    Mono.fromCallable(
                            () ->
                                new SocketClient(socket.path())
                                    .stream(messagesRequest("scenario: text", Map.of())))
                        .subscribeOn(Schedulers.boundedElastic()),
                count)
            .collectList()
            .block(SocketClient.TIMEOUT);

    assertThat(replies)
        .hasSize(count)
        .allMatch(reply -> reply.types().getLast().equals("message_stop"));
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      UsageFile.read(rehearsalGateway.directory.resolve(i + ".jsonl"), 0)
          .exchanges()
          .forEach(e -> sessions.add(e.exchange().sessionId()));
    }
    assertThat(sessions).hasSize(count).doesNotHaveDuplicates();
  }

  @Test
  void anotherUserOfTheHostIsRefusedWhateverTheFilesPermit() throws Exception {
    Path socket = rehearsalGateway.socket.path();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    assumeThat(SocketOwner.ofService().uid()).as("root can become somebody else").isZero();
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.setPosixFilePermissions(
        rehearsalGateway.directory, PosixFilePermissions.fromString("rwx--x--x"));

    assertThat(UnixSocketClient.get(socket, 0)).contains("HTTP/1.1 ");
    assertThat(UnixSocketClient.get(socket, 65_533)).doesNotContain("HTTP/1.1 ");
  }

  @Test
  void socketOfAnotherUserIsTheirsAndTheServices() throws Exception {
    assumeThat(SocketOwner.ofService().uid()).as("root can become somebody else").isZero();
    Path directory = rehearsalGateway.directory;
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Path socket = directory.resolve("theirs");
    var owner = new SocketOwner(65_531, 65_532);
    rehearsalGateway.gateway.open(
        socket, owner, directory.resolve("usage"), RehearsalGateway.CALLER);

    assertThat(Files.getAttribute(socket, "unix:uid")).isEqualTo(owner.uid());
    assertThat(Files.getAttribute(socket, "unix:gid")).isEqualTo(owner.gid());
    assertThat(UnixSocketClient.get(socket, owner.uid())).contains("HTTP/1.1 ");
    assertThat(UnixSocketClient.get(socket, 0)).contains("HTTP/1.1 ");
    assertThat(UnixSocketClient.get(socket, 65_533)).doesNotContain("HTTP/1.1 ");
  }

  @Test
  void closedSocketIsRemoved() {
    rehearsalGateway.socket.close();

    assertThat(rehearsalGateway.socket.path()).doesNotExist();
  }

  @Test
  void rejectsOverlongSocketPathImmediately() {
    Path longPath = rehearsalGateway.directory.resolve("x".repeat(120));

    assertThatThrownBy(
            () ->
                rehearsalGateway.gateway.open(
                    longPath,
                    SocketOwner.ofService(),
                    rehearsalGateway.usageFile(),
                    RehearsalGateway.CALLER))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("107 bytes");
  }

  private List<ModelExchange> exchanges() {
    try {
      return rehearsalGateway.exchanges();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Reply reply, String field) {
    var all = new StringBuilder();
    reply.events().forEach(event -> all.append(event.path("delta").path(field).asString("")));
    return all.toString();
  }

  private static Map<String, ?> plus(Map<String, ?> map, String key, Object value) {
    Map<String, Object> more = new HashMap<>(map);
    more.put(key, value);
    return more;
  }
}
