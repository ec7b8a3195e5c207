package io.agentledger.gateway.support;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import org.reactivestreams.Publisher;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Writes answers on their connection's event loop, for the reason that {@link Bus#back} gives:
 * Spring looks at static files on another thread and would answer from there.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class OnItsLoop implements WebFilter {
  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var loop = ThreadExecutorMap.currentExecutor();
    if (loop == null) return chain.filter(exchange);
    var response = new Response(exchange.getResponse(), loop);
    return chain.filter(exchange.mutate().response(response).build());
  }

  private static final class Response extends ServerHttpResponseDecorator {
    private final EventExecutor loop;

    Response(ServerHttpResponse response, EventExecutor loop) {
      super(response);
      this.loop = loop;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
      return Mono.defer(
          () -> {
            var written = super.writeWith(body);
            return loop.inEventLoop()
                ? written
                : written.subscribeOn(Schedulers.fromExecutor(loop));
          });
    }
  }
}
