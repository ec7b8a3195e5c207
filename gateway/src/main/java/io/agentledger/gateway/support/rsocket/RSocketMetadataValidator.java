package io.agentledger.gateway.support.rsocket;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.netty.buffer.ByteBuf;
import io.rsocket.Payload;
import io.rsocket.metadata.CompositeMetadata;
import io.rsocket.metadata.RoutingMetadata;
import io.rsocket.metadata.WellKnownMimeType;
import org.springframework.core.annotation.Order;
import org.springframework.security.rsocket.api.PayloadExchange;
import org.springframework.security.rsocket.api.PayloadInterceptor;
import org.springframework.security.rsocket.api.PayloadInterceptorChain;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Rejects requests whose composite metadata, or the route in it, cannot be read, before anything
 * else reads them.
 */
@Component
@Order(-100)
final class RSocketMetadataValidator implements PayloadInterceptor {
  private static final String COMPOSITE =
      WellKnownMimeType.MESSAGE_RSOCKET_COMPOSITE_METADATA.getString();
  private static final String ROUTING = WellKnownMimeType.MESSAGE_RSOCKET_ROUTING.getString();

  @Override
  public Mono<Void> intercept(PayloadExchange exchange, PayloadInterceptorChain chain) {
    if (exchange.getMetadataMimeType().toString().equals(COMPOSITE)
        && !isReadable(exchange.getPayload()))
      return Mono.error(
          () ->
              InvalidRequestException.header(
                  "metadata", "is malformed: send " + COMPOSITE + ", with the route in it"));
    return chain.next(exchange);
  }

  private static boolean isReadable(Payload payload) {
    if (!payload.hasMetadata()) return true;
    try {
      for (var entry : new CompositeMetadata(payload.metadata(), false))
        if (ROUTING.equals(entry.getMimeType())) readRoutes(entry.getContent().duplicate());
      return true;
    } catch (IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException exception) {
      return false;
    }
  }

  private static void readRoutes(ByteBuf content) {
    new RoutingMetadata(content).forEach(route -> {});
  }
}
