package io.agentledger.gateway.support.rsocket;

import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import org.reactivestreams.Publisher;
import org.springframework.boot.rsocket.autoconfigure.RSocketMessageHandlerCustomizer;
import org.springframework.core.MethodParameter;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.DestinationPatternsMessageCondition;
import org.springframework.messaging.handler.invocation.reactive.HandlerMethodArgumentResolver;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;
import org.springframework.stereotype.Component;
import org.springframework.util.RouteMatcher.Route;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Resolves the data of requests on RSocket as {@link RSocketBody}. */
@Component
final class RSocketBodyResolver
    implements HandlerMethodArgumentResolver, RSocketMessageHandlerCustomizer {
  private final WireJson json;
  private final RequestValidator validator;
  private final IdempotencyKeys idempotencyKeys;

  RSocketBodyResolver(WireJson json, RequestValidator validator, IdempotencyKeys idempotencyKeys) {
    this.json = json;
    this.validator = validator;
    this.idempotencyKeys = idempotencyKeys;
  }

  @Override
  public void customize(RSocketMessageHandler handler) {
    handler.getArgumentResolverConfigurer().addCustomResolver(this);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == RSocketBody.class;
  }

  @Override
  @SuppressWarnings("unchecked") // The payload of a request consists of its buffers.
  public Mono<Object> resolveArgument(MethodParameter parameter, Message<?> message) {
    var payload = message.getPayload();
    var buffers =
        payload instanceof Publisher<?> publisher
            ? Flux.from((Publisher<DataBuffer>) publisher)
            : Flux.just((DataBuffer) payload);
    var route =
        (Route)
            message.getHeaders().get(DestinationPatternsMessageCondition.LOOKUP_DESTINATION_HEADER);
    return DataBufferUtils.join(buffers)
        .map(RSocketBodyResolver::toBytes)
        .defaultIfEmpty(new byte[0])
        .map(
            data ->
                new RSocketBody(
                    json.parseObject(data),
                    route == null ? "" : route.value(),
                    json,
                    validator,
                    idempotencyKeys));
  }

  private static byte[] toBytes(DataBuffer buffer) {
    try {
      var bytes = new byte[buffer.readableByteCount()];
      buffer.read(bytes);
      return bytes;
    } finally {
      DataBufferUtils.release(buffer);
    }
  }
}
