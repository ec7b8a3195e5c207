package io.agentledger.gateway.support.web;

import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Releases the resources of an HTTP request when its response has been sent or was aborted. */
@Component
public final class RequestResourcesFilter implements WebFilter {
  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return RequestResources.using(
        resources ->
            chain
                .filter(exchange)
                .contextWrite(context -> context.put(RequestResources.class, resources)));
  }

  /** Returns the resources of the current HTTP request. */
  public static Mono<RequestResources> resources() {
    return Mono.deferContextual(context -> Mono.just(context.get(RequestResources.class)));
  }
}
