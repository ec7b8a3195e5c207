package io.agentledger.gateway.authorization;

import io.agentledger.gateway.ApiTestServer;
import io.rsocket.exceptions.ApplicationErrorException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.CompositeMessageCondition;
import org.springframework.messaging.handler.DestinationPatternsMessageCondition;
import org.springframework.messaging.rsocket.RSocketRequester;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;
import org.springframework.security.rsocket.metadata.BearerTokenAuthenticationEncoder;
import org.springframework.security.rsocket.metadata.BearerTokenMetadata;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Sends RSocket requests as one caller, over a separate connection. */
final class RSocketAttempt implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  private static final JsonMapper JSON = new JsonMapper();
  private static final MimeType AUTHENTICATION =
      MimeType.valueOf("message/x.rsocket.authentication.v0");

  private final RSocketRequester socket;
  private final @Nullable String secret;

  RSocketAttempt(ApiTestServer server, @Nullable String secret) {
    this.secret = secret;
    this.socket =
        RSocketRequester.builder()
            .rsocketStrategies(all -> all.encoder(new BearerTokenAuthenticationEncoder()))
            .dataMimeType(MimeTypeUtils.APPLICATION_JSON)
            .tcp("127.0.0.1", server.rsocketPort());
  }

  /** Returns the routes of the running service with their handlers. */
  static Map<String, Method> routes(ApiTestServer server) {
    var routes = new TreeMap<String, Method>();
    for (var handler : server.beansOf(RSocketMessageHandler.class))
      ((RSocketMessageHandler) handler)
          .getHandlerMethods()
          .forEach((where, what) -> patterns(where).forEach(p -> routes.put(p, what.getMethod())));
    return routes;
  }

  private static java.util.Set<String> patterns(CompositeMessageCondition where) {
    return where.getCondition(DestinationPatternsMessageCondition.class).getPatterns();
  }

  /**
   * Sends a request and returns the first response, or the code of the problem; {@code ""} for an
   * empty response.
   */
  String send(String route, Method handler, String data, byte[] more) {
    var request = socket.route(route);
    if (secret != null) request = request.metadata(new BearerTokenMetadata(secret), AUTHENTICATION);
    var bytes = data.getBytes(StandardCharsets.UTF_8);
    var sent =
        isStreaming(handler)
            ? request.data(
                more.length == 0 ? Flux.just(bytes) : Flux.just(bytes, more), byte[].class)
            : request.data(bytes);
    Mono<byte[]> first =
        handler.getReturnType() == Flux.class
            ? sent.retrieveFlux(byte[].class).next()
            : isFireAndForget(handler)
                ? sent.send().then(Mono.empty())
                : sent.retrieveMono(byte[].class);
    return first
        .map(answer -> new String(answer, StandardCharsets.UTF_8))
        .defaultIfEmpty("")
        .onErrorResume(
            ApplicationErrorException.class, exception -> Mono.just("no " + code(exception)))
        .block(TIMEOUT);
  }

  /** Returns whether the input of the handler is a stream, too. */
  private static boolean isStreaming(Method handler) {
    return List.of(handler.getParameterTypes()).contains(Flux.class);
  }

  /** Returns whether the route is fire-and-forget, without a response. */
  static boolean isFireAndForget(Method handler) {
    return handler.getGenericReturnType().getTypeName().endsWith("Mono<java.lang.Void>");
  }

  private static String code(ApplicationErrorException exception) {
    var text = String.valueOf(exception.getMessage());
    return text.startsWith("{") ? JSON.readTree(text).path("code").asString("?") : text;
  }

  @Override
  public void close() {
    socket.dispose();
  }
}
