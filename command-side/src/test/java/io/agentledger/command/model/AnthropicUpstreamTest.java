package io.agentledger.command.model;

import static io.agentledger.command.model.SocketClient.messagesRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.command.model.SocketClient.Reply;
import io.agentledger.command.model.usage.ModelExchange;
import io.agentledger.command.model.usage.ModelExchange.Phase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The gateway with a stand-in for the Messages API that follows the public protocol. */
class AnthropicUpstreamTest {
  private static final String KEY = "sk-test-real-key";
  private static final String STARTED =
      event(
          "message_start",
          "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-opus-4-8\",\"content\":[],"
              + "\"usage\":{\"input_tokens\":100,\"cache_creation_input_tokens\":10,\"cache_read_input_tokens\":1000,"
              + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":4,\"ephemeral_1h_input_tokens\":6},\"output_tokens\":1}}");
  private static final String OPENED =
      event(
          "content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
  private static final String ENDED =
      event("content_block_stop", "\"index\":0")
          + event(
              "message_delta",
              "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":42}")
          + event("message_stop", "\"x\":0");

  private final List<HttpHeaders> received = new CopyOnWriteArrayList<>();
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final AtomicBoolean abandoned = new AtomicBoolean();
  private DisposableServer standIn;
  private RehearsalGateway gateway;
  private SocketClient client;
  private UpstreamModelCatalog catalog;
  private ResponseScript responseScript = (request, response) -> response.status(500).send();

  private interface ResponseScript {
    Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response);
  }

  @BeforeEach
  void open() throws IOException {
    standIn = HttpServer.create().host("127.0.0.1").port(0).handle(this::handle).bindNow();
    connect(standIn.port());
  }

  private void connect(int port) throws IOException {
    if (gateway != null) gateway.close();
    ModelSettings settings = RehearsalGateway.settings("http://127.0.0.1:" + port);
    var upstream = new AnthropicUpstream(settings, new ModelKey(KEY));
    catalog = new UpstreamModelCatalog(upstream);
    gateway = new RehearsalGateway(upstream, settings);
    client = new SocketClient(gateway.socket.path());
  }

  private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
    received.add(request.requestHeaders().copy());
    paths.add(request.uri());
    return request
        .receive()
        .aggregate()
        .asString()
        .then(Mono.defer(() -> Mono.from(responseScript.answer(request, response))));
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
    standIn.disposeNow();
  }

  @Test
  void modelsAreListedOnceWithTheKey() {
    responseScript =
        (request, response) ->
            response.sendString(
                Mono.just("{\"data\":[{\"id\":\"claude-b\"},{\"id\":\"claude-a\"}]}"));
    for (int i = 0; i < 2; i++) assertThat(listModels()).containsExactly("claude-a", "claude-b");
    assertThat(paths).containsExactly("/v1/models?limit=1000");
    assertThat(received.getFirst().get("x-api-key")).isEqualTo(KEY);
  }

  @Test
  void addressWithoutAListOfModelsHasNone() {
    responseScript = (request, response) -> response.status(404).send();
    assertThat(listModels()).isEmpty();
  }

  private List<String> listModels() {
    return catalog.listModels().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void streamIsForwardedChunkByChunkAndMetered() throws IOException {
    responseScript =
        (request, response) ->
            stream(
                response,
                Flux.just(STARTED, OPENED, delta("Hello "), delta("world"), ENDED)
                    .delayElements(Duration.ofMillis(20)));
    List<String> chunks =
        client
            .chunks(messagesRequest("hi", Map.of()), new int[1], new HttpHeaders[1])
            .collectList()
            .block(SocketClient.TIMEOUT);

    assertThat(String.join("", chunks))
        .isEqualTo(STARTED + OPENED + delta("Hello ") + delta("world") + ENDED);
    assertThat(chunks).hasSizeGreaterThanOrEqualTo(4);
    ModelExchange exchange = gateway.exchanges().getFirst();
    assertThat(exchange.phase()).isEqualTo(Phase.FINAL);
    assertThat(exchange.upstream()).isEqualTo("anthropic");
    assertThat(exchange.simulated()).isFalse();
    assertThat(exchange.usage().outputTokens()).isEqualTo(42);
    assertThat(exchange.cost().nanos())
        .isEqualTo(100 * 5000 + 42 * 25_000 + 1000 * 500 + 4 * 6250 + 6 * 10_000);
  }

  @Test
  void keyIsAddedHereAndTheProcessesCredentialsAreDropped() {
    responseScript = (request, response) -> json(response, 200, message());
    client.send(
        HttpMethod.POST, "/v1/messages?beta=true", messagesRequest("hi", Map.of("stream", false)));

    HttpHeaders headers = received.getFirst();
    assertThat(headers.get("x-api-key")).isEqualTo(KEY);
    assertThat(headers.contains("authorization")).isFalse();
    assertThat(headers.get("accept-encoding")).isEqualTo("identity");
    assertThat(headers.get("host")).isEqualTo("127.0.0.1:" + standIn.port());
    assertThat(headers.get("content-type")).isEqualTo("application/json");
    assertThat(paths).containsExactly("/v1/messages?beta=true");
  }

  @Test
  void nonStreamedResponseIsMeteredBeforeItIsForwarded() throws IOException {
    responseScript = (request, response) -> json(response, 200, message());
    Reply reply =
        client.send(
            HttpMethod.POST, "/v1/messages", messagesRequest("hi", Map.of("stream", false)));

    assertThat(reply.body()).isEqualTo(message());
    assertThat(gateway.exchanges())
        .singleElement()
        .satisfies(exchange -> assertThat(exchange.usage().outputTokens()).isEqualTo(7));
    assertThat(gateway.socket.findRequestedToolCall("toolu_9"))
        .hasValueSatisfying(tool -> assertThat(tool.name()).isEqualTo("Bash"));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 413, 429, 500, 529})
  void errorIsForwardedUnchangedWithoutRetry(int status) throws IOException {
    String error =
        "{\"type\":\"error\",\"error\":{\"type\":\"some_error\",\"message\":\"of theirs\"}}";
    responseScript =
        (request, response) ->
            json(response.header("retry-after", "7").header("set-cookie", "a=b"), status, error);
    Reply reply = client.stream(messagesRequest("hi", Map.of()));

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.body()).isEqualTo(error);
    assertThat(reply.headers().get("retry-after")).isEqualTo("7");
    assertThat(reply.headers().contains("set-cookie")).isFalse();
    assertThat(received).hasSize(1);
    assertThat(gateway.exchanges()).isEmpty();
  }

  @Test
  void brokenStreamBreaksDownstreamAndIsMeteredAsCut() throws IOException {
    responseScript =
        (request, response) ->
            stream(
                response,
                Flux.concat(
                    Flux.just(STARTED, OPENED, delta("x".repeat(400))),
                    Flux.error(new IOException("broken"))));
    Reply reply = client.stream(messagesRequest("hi", Map.of()));

    assertThat(reply.broken()).isTrue();
    assertThat(reply.types())
        .containsExactly("message_start", "content_block_start", "content_block_delta");
    ModelExchange cut = await().until(gateway::exchanges, list -> list.size() == 1).getFirst();
    assertThat(cut.phase()).isEqualTo(Phase.CUT);
    assertThat(cut.usage().inputTokens()).isEqualTo(100);
    assertThat(cut.usage().outputTokens()).isEqualTo(100);
    assertThat(received).hasSize(1);
  }

  @Test
  void interruptEndsTheUpstreamExchange() {
    responseScript =
        (request, response) -> {
          request.withConnection(connection -> connection.onDispose(() -> abandoned.set(true)));
          return stream(
              response, Flux.concat(Flux.just(STARTED, OPENED, delta("a")), Mono.never()));
        };
    List<String> expectedInodes = Collections.synchronizedList(new ArrayList<>());
    var call =
        client
            .chunks(messagesRequest("hi", Map.of()), new int[1], new HttpHeaders[1])
            .subscribe(expectedInodes::add);
    await().until(() -> String.join("", expectedInodes).contains("text_delta"));

    call.dispose();

    await().untilTrue(abandoned);
    await().until(() -> gateway.exchanges().size() == 1);
  }

  @Test
  void refusedConnectionIsRetriedUntilTheServiceIsAvailable() throws IOException {
    int port = freePort();
    var attempts = new AtomicInteger();
    ModelSettings settings = RehearsalGateway.settings("http://127.0.0.1:" + port);
    var counting =
        new AnthropicUpstream(
            settings,
            new ModelKey(KEY),
            pool -> HttpClient.create(pool).doOnConnect(c -> attempts.incrementAndGet()));
    gateway.close();
    gateway = new RehearsalGateway(counting, settings);
    var caller = new SocketClient(gateway.socket.path());
    responseScript = (request, response) -> json(response, 200, message());
    standIn.disposeNow();
    var reply =
        Mono.fromCallable(
                () -> caller.send(HttpMethod.POST, "/v1/messages", messagesRequest("hi", Map.of())))
            .subscribeOn(Schedulers.boundedElastic())
            .toFuture();
    await()
        // This proves that the first one was refused.
        .untilAtomic(attempts, Matchers.greaterThanOrEqualTo(2));
    standIn = HttpServer.create().host("127.0.0.1").port(port).handle(this::handle).bindNow();

    assertThat(reply)
        .succeedsWithin(SocketClient.TIMEOUT)
        .satisfies(answer -> assertThat(answer.status()).isEqualTo(200));
  }

  @Test
  void unavailableServiceIsARetryableErrorForTheCli() throws IOException {
    connect(freePort());
    Reply reply = client.send(HttpMethod.POST, "/v1/messages", messagesRequest("hi", Map.of()));

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.json().at("/error/type").asString()).isEqualTo("api_error");
    assertThat(reply.body()).doesNotContain("127.0.0.1");
  }

  @Test
  void silentServiceTimesOutWithoutRetry() throws IOException {
    responseScript = (request, response) -> Mono.never();
    gateway.close();
    ModelSettings settings = RehearsalGateway.settings("http://127.0.0.1:" + standIn.port());
    gateway = new RehearsalGateway(new AnthropicUpstream(settings, new ModelKey(KEY)), settings);
    Reply reply =
        new SocketClient(gateway.socket.path())
            .send(HttpMethod.POST, "/v1/messages", messagesRequest("hi", Map.of()));

    assertThat(reply.status()).isEqualTo(504);
    assertThat(received).hasSize(1);
  }

  @Test
  void unterminatedLineStopsNeitherStreamNorMeter() throws IOException {
    String giant =
        "data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\""
            + "y".repeat(300_000)
            + "\"}}\n\n";
    responseScript =
        (request, response) -> stream(response, Flux.just(STARTED, OPENED, giant, ENDED));
    Reply reply = client.stream(messagesRequest("hi", Map.of()));

    assertThat(reply.body()).isEqualTo(STARTED + OPENED + giant + ENDED);
    assertThat(gateway.exchanges())
        .singleElement()
        .satisfies(e -> assertThat(e.usage().outputTokens()).isEqualTo(42));
  }

  @Test
  void oversizedResponseIsAServerErrorNotARequestError() {
    responseScript =
        (request, response) -> json(response, 200, "{\"x\":\"" + "y".repeat(2 << 20) + "\"}");
    Reply reply =
        client.send(
            HttpMethod.POST, "/v1/messages", messagesRequest("hi", Map.of("stream", false)));

    assertThat(reply.status()).isEqualTo(502);
  }

  @Test
  void keyIsNeverRevealed() {
    assertThat(new ModelKey(KEY)).asString().doesNotContain(KEY);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String event(String type, String fields) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
  }

  private static String delta(String text) {
    return event(
        "content_block_delta",
        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
  }

  private static String message() {
    return "{\"id\":\"msg_2\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-opus-4-8\",\"content\":"
        + "[{\"type\":\"tool_use\",\"id\":\"toolu_9\",\"name\":\"Bash\",\"input\":{}}],\"stop_reason\":\"tool_use\","
        + "\"usage\":{\"input_tokens\":5,\"output_tokens\":7}}";
  }

  private static Publisher<Void> json(HttpServerResponse response, int status, String body) {
    return response
        .status(status)
        .header("content-type", "application/json")
        .sendString(Mono.just(body));
  }

  private static Publisher<Void> stream(HttpServerResponse response, Flux<String> events) {
    Flux<ByteBuf> chunks =
        events.map(text -> Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
    return response
        .header("content-type", "text/event-stream; charset=utf-8")
        .send(chunks, chunk -> true);
  }
}
