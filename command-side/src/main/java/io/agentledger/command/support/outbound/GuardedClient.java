package io.agentledger.command.support.outbound;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClientResponse;

/**
 * A JDK {@code HttpClient} for libraries that require one, which sends its requests through the
 * guarded client: every address is checked, responses are streamed, and redirects are not followed.
 * The library must limit the time and size of responses.
 */
final class GuardedClient extends HttpClient {
  private final reactor.netty.http.client.HttpClient client;
  private final DestinationPolicy destinations;
  private final Function<HttpRequest, Optional<HttpRequest>> reauthorizedRequest;
  private final OutboundHttpClient.ResponseListener responseListener;

  /**
   * @param reauthorizedRequest returns the request to send once instead of one that was answered
   *     with 401; may block
   */
  GuardedClient(
      reactor.netty.http.client.HttpClient client,
      DestinationPolicy destinations,
      Function<HttpRequest, Optional<HttpRequest>> reauthorizedRequest,
      OutboundHttpClient.ResponseListener responseListener) {
    this.client = client;
    this.responseListener = responseListener;
    this.destinations = destinations;
    this.reauthorizedRequest = reauthorizedRequest;
  }

  /** Signals that the response is discarded and another request is sent. */
  private static final class RetryWithRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient HttpRequest reauthorizedRequest;

    RetryWithRequestException(HttpRequest reauthorizedRequest) {
      super(null, null, false, false);
      this.reauthorizedRequest = reauthorizedRequest;
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    var result = new CompletableFuture<HttpResponse<T>>();
    var subscription =
        Mono.defer(() -> body(request))
            .flatMapMany(
                body ->
                    exchange(
                            request,
                            body,
                            (head, content) -> receiveOrRetry(request, head, content, handler))
                        .onErrorResume(
                            RetryWithRequestException.class,
                            next ->
                                exchange(
                                    next.reauthorizedRequest,
                                    body,
                                    (head, content) ->
                                        receive(next.reauthorizedRequest, head, content, handler))))
            .subscribe(
                result::complete,
                result::completeExceptionally,
                () -> result.completeExceptionally(new IOException("no response")));
    result.whenComplete(
        (response, failure) -> {
          if (result.isCancelled()) subscription.dispose();
        });
    return result;
  }

  private static Mono<byte[]> body(HttpRequest request) {
    return request
        .bodyPublisher()
        .map(
            publisher ->
                JdkFlowAdapter.flowPublisherToFlux(publisher)
                    .collectList()
                    .map(GuardedClient::concatenate))
        .orElse(Mono.just(new byte[0]));
  }

  private static byte[] concatenate(List<ByteBuffer> parts) {
    var buffer = ByteBuffer.allocate(parts.stream().mapToInt(ByteBuffer::remaining).sum());
    parts.forEach(buffer::put);
    return buffer.array();
  }

  private <T> Flux<HttpResponse<T>> exchange(
      HttpRequest request,
      byte[] body,
      BiFunction<HttpClientResponse, ByteBufFlux, Flux<HttpResponse<T>>> responseHandler) {
    var to = destinations.check(request.uri().toString());
    var sender =
        client
            .headers(headers -> set(headers, request, to, body.length))
            .request(HttpMethod.valueOf(request.method()))
            .uri(to.uri().toString());
    var requestSender =
        body.length == 0
            ? sender
            : sender.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)));
    return requestSender.response(responseHandler);
  }

  private static void set(
      io.netty.handler.codec.http.HttpHeaders headers,
      HttpRequest request,
      Destination to,
      int length) {
    headers.set(HttpHeaderNames.USER_AGENT, "agentledger");
    request.headers().map().forEach(headers::set);
    headers.set(HttpHeaderNames.HOST, to.hostHeader());
    if (length > 0) headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
  }

  /**
   * Receives the response, unless another request is to be sent; that is decided on other threads.
   */
  private <T> Flux<HttpResponse<T>> receiveOrRetry(
      HttpRequest request,
      HttpClientResponse head,
      ByteBufFlux content,
      HttpResponse.BodyHandler<T> handler) {
    if (head.status().code() != HttpResponseStatus.UNAUTHORIZED.code())
      return receive(request, head, content, handler);
    return Mono.fromCallable(() -> reauthorizedRequest.apply(request))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMapMany(
            next ->
                next.<Flux<HttpResponse<T>>>map(
                        retry -> Flux.error(new RetryWithRequestException(retry)))
                    .orElseGet(() -> receive(request, head, content, handler)));
  }

  /** Receives the response; the connection stays open until the content is read or cancelled. */
  private <T> Flux<HttpResponse<T>> receive(
      HttpRequest request,
      HttpClientResponse head,
      ByteBufFlux content,
      HttpResponse.BodyHandler<T> handler) {
    var headers = headers(head);
    int status = head.status().code();
    var contentType = head.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
    responseListener.onResponse(request, status, contentType.replaceFirst("\\s*;.*", ""));
    var subscriber = handler.apply(new ResponseHead(status, headers));
    Sinks.Empty<HttpResponse<T>> completed = Sinks.empty();
    var parts =
        content
            .asByteArray()
            .map(bytes -> List.of(ByteBuffer.wrap(bytes)))
            .doFinally(signal -> completed.tryEmitEmpty());
    JdkFlowAdapter.publisherToFlowPublisher(parts).subscribe(subscriber);
    return Mono.fromCompletionStage(subscriber.getBody())
        .<HttpResponse<T>>map(body -> new ReceivedResponse<>(request, status, headers, body))
        .switchIfEmpty(
            Mono.fromSupplier(() -> new ReceivedResponse<T>(request, status, headers, null)))
        .concatWith(completed.asMono());
  }

  private static HttpHeaders headers(HttpClientResponse head) {
    Map<String, List<String>> all = new HashMap<>();
    for (var header : head.responseHeaders())
      all.computeIfAbsent(header.getKey(), name -> new ArrayList<>()).add(header.getValue());
    return HttpHeaders.of(all, (name, value) -> true);
  }

  private record ResponseHead(int statusCode, HttpHeaders headers)
      implements HttpResponse.ResponseInfo {
    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  private record ReceivedResponse<T>(
      HttpRequest request, int statusCode, HttpHeaders headers, @Nullable T body)
      implements HttpResponse<T> {
    @Override
    public Optional<HttpResponse<T>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public Optional<javax.net.ssl.SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public java.net.URI uri() {
      return request.uri();
    }

    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      HttpResponse.BodyHandler<T> handler,
      HttpResponse.@Nullable PushPromiseHandler<T> pushes) {
    return sendAsync(request, handler);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    var response = sendAsync(request, handler);
    try {
      return response.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException interrupted) {
      response.cancel(true);
      throw interrupted;
    }
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return Optional.empty();
  }

  @Override
  public Redirect followRedirects() {
    return Redirect.NEVER;
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return Optional.empty();
  }

  @Override
  public SSLContext sslContext() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public SSLParameters sslParameters() {
    return new SSLParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return Optional.empty();
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }

  @Override
  public Optional<Executor> executor() {
    return Optional.empty();
  }
}
