package io.agentledger.gateway.support.edge;

import io.agentledger.gateway.support.json.WireJsonConfiguration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Limits the size of request bodies that are read into memory; only endpoints for prompts and
 * messages, which may contain files, permit more. It runs after authentication, so that only known
 * callers may send large bodies.
 */
@Component
@Order(0)
final class RequestBodySizeFilter implements WebFilter {
  /**
   * Also the paths of uploads of any media type, which go to the disk and have a limit of their
   * own, and of webhooks, whose bodies are read only with the headers of a known sender.
   */
  private static final Pattern LARGE_BODY_PATHS =
      Pattern.compile(
          "/webhooks/.*|/api/v1/(query(/single)?|sessions/[^/]+/(query|inputs|resume|fork|files/(content|archive))|chats/[^/]+/messages)");

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    // The header as it was sent; controllers reject invalid media types.
    var type = request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
    boolean json =
        type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("application/json");
    if (!json || LARGE_BODY_PATHS.matcher(request.getPath().value()).matches())
      return chain.filter(exchange);
    return chain.filter(exchange.mutate().request(new SizeLimitedRequest(request)).build());
  }

  private static final class SizeLimitedRequest extends ServerHttpRequestDecorator {
    private long bytesRead;

    SizeLimitedRequest(ServerHttpRequest request) {
      super(request);
    }

    @Override
    public Flux<DataBuffer> getBody() {
      return super.getBody()
          .handle(
              (buffer, sink) -> {
                bytesRead += buffer.readableByteCount();
                if (bytesRead <= WireJsonConfiguration.BODY_BYTES_MAX) {
                  sink.next(buffer);
                } else {
                  DataBufferUtils.release(buffer);
                  sink.error(new DataBufferLimitException("the body exceeds its limit"));
                }
              });
    }
  }
}
