package io.agentledger.command.model;

import io.agentledger.api.model.Upstream;
import io.agentledger.store.support.UntrustedJson;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.retry.Retry;

/**
 * Upstream that calls the real Messages API. It adds the key, which processes never get, and
 * streams responses and errors through. Only a refused connection is retried here; after that the
 * exchange may have been billed, and the CLI retries it itself.
 */
public final class AnthropicUpstream implements ModelUpstream, AutoCloseable {
  private static final Duration IDLE_MAX = Duration.ofSeconds(30);
  private static final Duration LIFE_MAX = Duration.ofMinutes(10);
  private static final int MODEL_LIST_BYTES_MAX = 1024 * 1024;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Pattern FORWARDED_HEADERS =
      Pattern.compile(
          "(anthropic|x-stainless|x-claude)-.{1,64}|content-type|accept|user-agent|x-app");
  private static final Set<String> DROPPED_HEADERS =
      Set.of(
          "connection",
          "keep-alive",
          "transfer-encoding",
          "upgrade",
          "trailer",
          "te",
          "proxy-authenticate",
          "proxy-authorization",
          "content-length",
          "set-cookie",
          "alt-svc");

  private final ConnectionProvider pool;
  private final HttpClient client;
  private final String base;
  private final ModelKey key;
  private final int connectAttempts;

  public AnthropicUpstream(ModelSettings settings, ModelKey key) {
    this(settings, key, HttpClient::create);
  }

  /**
   * For a test server with its own certificate: {@code start} configures which certificates the
   * client trusts.
   */
  AnthropicUpstream(
      ModelSettings settings, ModelKey key, Function<ConnectionProvider, HttpClient> start) {
    this.pool =
        ConnectionProvider.builder("model")
            .maxConnections(settings.connectionCountMax())
            .pendingAcquireMaxCount(settings.connectionCountMax())
            .pendingAcquireTimeout(settings.connectTimeout())
            .maxIdleTime(IDLE_MAX)
            .maxLifeTime(LIFE_MAX)
            .evictInBackground(IDLE_MAX)
            .build();
    this.client =
        start
            .apply(pool)
            .disableRetry(true) // The default repeats a POST after a reset: billed twice.
            .followRedirect(false)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.connectTimeout().toMillis())
            .responseTimeout(shorter(settings.responseTimeout(), settings.outageTimeout()));
    this.base = withoutSlash(settings.baseUrl());
    this.key = key;
    this.connectAttempts = settings.connectAttempts();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String withoutSlash(URI url) {
    String text = url.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public Upstream upstream() {
    return Upstream.ANTHROPIC;
  }

  @Override
  public Mono<Void> send(ModelRequest request, Function<ModelResponse, Publisher<Void>> pass) {
    return client
        .headers(headers -> headers.set(requestHeaders(request.headers())))
        .request(HttpMethod.POST)
        .uri(base + request.operation().path() + request.query())
        .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(request.body())))
        .response(
            (head, body) ->
                pass.apply(
                    new ModelResponse(
                        head.status().code(),
                        responseHeaders(head.responseHeaders()),
                        body.retain())))
        .retryWhen(
            Retry.backoff(connectAttempts, FIRST_PAUSE)
                .filter(ConnectException.class::isInstance)
                .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
        .then();
  }

  /** Lists the models of {@code GET /v1/models}; empty for an address that does not offer it. */
  @Override
  public Mono<List<String>> listModels() {
    return client
        .headers(
            headers ->
                headers
                    .set("x-api-key", key.value())
                    .set("anthropic-version", "2023-06-01")
                    .set(HttpHeaderNames.ACCEPT_ENCODING, "identity"))
        .get()
        .uri(base + "/v1/models?limit=1000")
        .response(
            (head, body) ->
                head.status().code() == HttpResponseStatus.OK.code()
                    ? body.asByteArray().reduce(AnthropicUpstream::appendWithinLimit)
                    : Mono.empty())
        .next()
        .map(AnthropicUpstream::toModelIds)
        .defaultIfEmpty(List.of());
  }

  private static byte[] appendWithinLimit(byte[] before, byte[] next) {
    if (before.length + next.length > MODEL_LIST_BYTES_MAX)
      throw new IllegalStateException("the list of models is too long");
    byte[] both = Arrays.copyOf(before, before.length + next.length);
    System.arraycopy(next, 0, both, before.length, next.length);
    return both;
  }

  private static List<String> toModelIds(byte[] json) {
    return UntrustedJson.MAPPER
        .readTree(json)
        .path("data")
        .valueStream()
        .map(model -> model.path("id").asString(""))
        .filter(id -> !id.isEmpty())
        .toList();
  }

  /**
   * Copies listed headers only: other headers of a process (a key, a cookie, a host) are dropped.
   */
  private HttpHeaders requestHeaders(HttpHeaders source) {
    HttpHeaders target = new DefaultHttpHeaders();
    source.forEach(
        header -> {
          String name = header.getKey().toLowerCase(Locale.ROOT);
          if (FORWARDED_HEADERS.matcher(name).matches()) target.add(name, header.getValue());
        });
    target.set(HttpHeaderNames.ACCEPT_ENCODING, "identity"); // Usage cannot be read from gzip.
    return target.set("x-api-key", key.value());
  }

  private static HttpHeaders responseHeaders(HttpHeaders source) {
    HttpHeaders target = new DefaultHttpHeaders();
    source.forEach(
        header -> {
          String name = header.getKey().toLowerCase(Locale.ROOT);
          if (!DROPPED_HEADERS.contains(name)) target.add(name, header.getValue());
        });
    return target;
  }

  @Override
  public void close() {
    pool.disposeLater().block(Duration.ofSeconds(5));
  }
}
