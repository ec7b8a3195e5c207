package io.agentledger.command.support.outbound;

import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * HTTP client for URLs that users give. It connects to the checked address, with the requested host
 * name; uses no proxy, no cookies and no connection pool that tenants would share; follows
 * redirects on the same host only and checks each one; and limits the size of responses.
 * Thread-safe.
 */
public final class OutboundHttpClient implements AutoCloseable {
  private static final Set<Integer> REDIRECTS_OF_READS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> REDIRECTS_OF_ALL = Set.of(307, 308);

  private static final int LOOKUP_THREADS = 8;
  private static final int LOOKUPS_WAITING_MAX = 256;
  private static final int HEADER_BYTES_MAX = 16 * 1024;

  private final OutboundSettings settings;
  private final DestinationPolicy destinations;
  private final HttpClient client;
  private final ExecutorService lookups = lookups();

  public OutboundHttpClient(OutboundSettings settings, DestinationPolicy destinations) {
    this(settings, destinations, UnaryOperator.identity());
  }

  /**
   * For a test server with its own certificate: {@code more} configures which certificates the
   * client trusts.
   */
  OutboundHttpClient(
      OutboundSettings settings, DestinationPolicy destinations, UnaryOperator<HttpClient> more) {
    this.settings = settings;
    this.destinations = destinations;
    var guard = new GuardedResolver(destinations, settings.lookupTimeout(), lookups);
    this.client =
        more.apply(HttpClient.create(ConnectionProvider.newConnection()))
            .resolver(guard)
            .noProxy()
            .followRedirect(false)
            .disableRetry(true)
            .keepAlive(false)
            .httpResponseDecoder(spec -> spec.maxHeaderSize(HEADER_BYTES_MAX))
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.connectTimeout().toMillis());
  }

  /**
   * Creates separate threads for lookups, because the system's resolver blocks; both threads and
   * queue are bounded.
   */
  private static ExecutorService lookups() {
    var pool =
        new ThreadPoolExecutor(
            LOOKUP_THREADS,
            LOOKUP_THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(LOOKUPS_WAITING_MAX),
            Thread.ofPlatform().name("outbound-lookup-", 0).daemon().factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Returns a builder for a library that requires the JDK's client. The client streams, follows no
   * redirects, and leaves timeouts and size limits to the library.
   */
  public java.net.http.HttpClient.Builder streaming() {
    return streaming(refused -> Optional.empty(), (request, status, contentType) -> {});
  }

  /** Listener of the heads of responses. Called by event loops; must not block. */
  @FunctionalInterface
  public interface ResponseListener {
    /**
     * @param contentType media type without parameters; empty if the response has none
     */
    void onResponse(HttpRequest request, int status, String contentType);
  }

  /**
   * Returns such a builder whose client retries a request once after a response with 401.
   *
   * @param reauthorizedRequest returns the request to send instead; may block; empty: the response
   *     is accepted
   * @param responseListener informed of each response that the library receives
   */
  public java.net.http.HttpClient.Builder streaming(
      Function<HttpRequest, Optional<HttpRequest>> reauthorizedRequest,
      ResponseListener responseListener) {
    return new GuardedClientBuilder(
        new GuardedClient(
            client.responseTimeout(null), destinations, reauthorizedRequest, responseListener));
  }

  /** Sends a request, or fails with {@link OutboundRefusedException} or an error of the network. */
  public Mono<OutboundResponse> send(OutboundRequest request) {
    return send(request, settings.requestTimeout());
  }

  /** Sends a request with its own timeout, which includes redirects. */
  public Mono<OutboundResponse> send(OutboundRequest request, Duration timeout) {
    return send(request, timeout, settings.responseBytesMax());
  }

  /** Sends a request with its own timeout and maximum size of the response. */
  public Mono<OutboundResponse> send(
      OutboundRequest request, Duration timeout, DataSize responseBytesMax) {
    long bytesMax = responseBytesMax.toBytes();
    return Mono.defer(() -> send(request, destinations.check(request.url()), 0, bytesMax))
        .timeout(timeout) // The only timeout, so that no other error is reported.
        .onErrorMap(TimeoutException.class, e -> new OutboundRefusedException(Rule.TIME));
  }

  /** Sends a request, and returns redirects as responses. */
  public Mono<OutboundResponse> sendWithoutRedirects(
      OutboundRequest request, Duration timeout, DataSize responseBytesMax) {
    return Mono.defer(
            () -> sendOnce(request, destinations.check(request.url()), responseBytesMax.toBytes()))
        .timeout(timeout)
        .onErrorMap(TimeoutException.class, e -> new OutboundRefusedException(Rule.TIME));
  }

  private Mono<OutboundResponse> send(
      OutboundRequest request, Destination to, int redirects, long bytesMax) {
    return sendOnce(request, to, bytesMax)
        .flatMap(
            outboundResponse -> {
              var next = outboundResponse.header("location");
              if (next.isEmpty() || !isRedirect(request, outboundResponse.status()))
                return Mono.just(outboundResponse);
              if (redirects >= settings.redirectCountMax())
                return Mono.error(new OutboundRefusedException(Rule.REDIRECT));
              var destination = redirectTarget(to, next.get());
              return send(
                  request.withUrl(destination.uri().toString()),
                  destination,
                  redirects + 1,
                  bytesMax);
            });
  }

  private static boolean isRedirect(OutboundRequest request, int status) {
    return (request.isRead() ? REDIRECTS_OF_READS : REDIRECTS_OF_ALL).contains(status);
  }

  /**
   * Returns the target of a redirect: the same host and, except for a change to TLS, the same
   * protocol and port.
   */
  private Destination redirectTarget(Destination from, String location) {
    var to = destinations.check(resolve(from.uri(), location));
    boolean same = to.isEncrypted() == from.isEncrypted() && to.port() == from.port();
    boolean safer = to.isEncrypted() && !from.isEncrypted();
    if (!to.host().equals(from.host()) || !same && !safer)
      throw new OutboundRefusedException(Rule.REDIRECT);
    return to;
  }

  private static String resolve(URI from, String location) {
    try {
      return from.resolve(location).toString();
    } catch (IllegalArgumentException e) {
      throw new OutboundRefusedException(Rule.REDIRECT);
    }
  }

  private Mono<OutboundResponse> sendOnce(OutboundRequest request, Destination to, long bytesMax) {
    var body = request.body();
    var sender =
        client
            .headers(headers -> set(headers, request, to))
            .request(HttpMethod.valueOf(request.method()))
            .uri(to.uri().toString());
    var requestSender =
        body.length == 0
            ? sender
            : sender.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)));
    return requestSender
        .response(
            (response, content) ->
                collect(content, bytesMax).map(bytes -> toResponse(response, bytes, to)))
        .single();
  }

  private static void set(HttpHeaders headers, OutboundRequest request, Destination to) {
    headers.set(HttpHeaderNames.USER_AGENT, "agentledger");
    request.headers().forEach(headers::set);
    headers.set(HttpHeaderNames.HOST, to.hostHeader());
    if (request.body().length > 0 || !request.isRead())
      headers.set(HttpHeaderNames.CONTENT_LENGTH, request.body().length);
  }

  private static Mono<byte[]> collect(ByteBufFlux content, long bytesMax) {
    return content
        .asByteArray()
        .collect(
            ByteArrayOutputStream::new,
            (all, part) -> {
              if (all.size() + (long) part.length > bytesMax)
                throw new OutboundRefusedException(Rule.SIZE);
              all.writeBytes(part);
            })
        .map(ByteArrayOutputStream::toByteArray);
  }

  private static OutboundResponse toResponse(
      HttpClientResponse response, byte[] body, Destination from) {
    var headers = new HashMap<String, List<String>>();
    for (var header : response.responseHeaders())
      headers
          .computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(header.getValue());
    return new OutboundResponse(
        response.status().code(), OrderedCopy.of(headers), body, from.uri().toString());
  }

  @Override
  public void close() {
    lookups.shutdownNow();
  }
}
