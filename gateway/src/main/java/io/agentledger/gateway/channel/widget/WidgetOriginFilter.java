package io.agentledger.gateway.channel.widget;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.WidgetVisitors;
import io.agentledger.api.quota.RateLimiter;
import io.agentledger.gateway.support.edge.CorsPolicyFilter;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestSourceResolver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Checks the origin of requests of the chat widget by its channel, in place of {@link
 * CorsPolicyFilter}: pages of the origins that the channel allows may send requests, without
 * cookies. Browsers send the origin with every {@code POST}, so one without it is refused. Every
 * site may load the script.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
final class WidgetOriginFilter implements WebFilter {
  static final String SCRIPT_PATH = "/widget.js";

  private static final String PREFIX = "/widget/";
  private static final Duration PREFLIGHT_MAX_AGE = Duration.ofMinutes(30);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final ObjectProvider<WidgetVisitors> visitors;
  private final RateLimiter rateLimiter;
  private final MessageGateway messageGateway;
  private final CorsPolicyFilter corsPolicyFilter;

  WidgetOriginFilter(
      ObjectProvider<WidgetVisitors> visitors,
      RateLimiter rateLimiter,
      MessageGateway messageGateway,
      CorsPolicyFilter corsPolicyFilter) {
    this.visitors = visitors;
    this.rateLimiter = rateLimiter;
    this.messageGateway = messageGateway;
    this.corsPolicyFilter = corsPolicyFilter;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    var path = request.getPath().pathWithinApplication().value();
    var origin = request.getHeaders().getOrigin();
    if (path.equals(SCRIPT_PATH)) return accept(exchange, chain, "*");
    if (!path.startsWith(PREFIX)) return chain.filter(exchange);
    if (origin == null)
      return request.getMethod().equals(HttpMethod.POST)
          ? corsPolicyFilter.reject(exchange)
          : chain.filter(exchange);
    // A later filter counts the request; a preflight request does not reach it.
    var source = RequestSourceResolver.resolve(request).ip();
    boolean isPermitted =
        CorsUtils.isPreFlightRequest(request)
            ? rateLimiter.tryAcquireAnonymous(source)
            : rateLimiter.hasAnonymousAllowance(source);
    if (!isPermitted) return Mono.error(rateLimiter.anonymousLimitReached());
    return messageGateway
        .offload(() -> Mono.just(isAllowed(path, origin)))
        .flatMap(
            isAllowed ->
                isAllowed ? accept(exchange, chain, origin) : corsPolicyFilter.reject(exchange));
  }

  private boolean isAllowed(String path, String origin) {
    return parse(path.substring(PREFIX.length()).split("/", 2)[0])
        .filter(channel -> visitors.getObject().isAllowedOrigin(channel, origin))
        .isPresent();
  }

  private static Optional<ChannelId> parse(String channel) {
    try {
      return Optional.of(new ChannelId(channel));
    } catch (IllegalArgumentException exception) {
      return Optional.empty();
    }
  }

  private static Mono<Void> accept(
      ServerWebExchange exchange, WebFilterChain chain, String allowedOrigin) {
    var headers = exchange.getResponse().getHeaders();
    headers.setAccessControlAllowOrigin(allowedOrigin);
    headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    headers.setAccessControlExposeHeaders(List.of(HttpHeaders.RETRY_AFTER));
    exchange.getAttributes().put(CorsPolicyFilter.CHECKED_ATTRIBUTE, true);
    if (!CorsUtils.isPreFlightRequest(exchange.getRequest())) return chain.filter(exchange);
    headers.setAccessControlAllowMethods(List.of(HttpMethod.GET, HttpMethod.POST));
    headers.setAccessControlAllowHeaders(
        List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.CONTENT_TYPE, "Last-Event-ID"));
    headers.setAccessControlMaxAge(PREFLIGHT_MAX_AGE);
    exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
    return exchange.getResponse().setComplete();
  }
}
