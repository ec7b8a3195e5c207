package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;
import org.springframework.util.NumberUtils;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.SyncHandlerMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.server.ServerWebExchange;

/**
 * Resolves the parameters that many routes share: {@code limit} and {@code cursor} as a {@link
 * PageRequest}, the filters of a list as a {@link QueryFilter}, the headers {@code Idempotency-Key}
 * and {@code If-Match} as an {@link IdempotencyKey} and an {@link IfMatch}.
 */
@Component
final class RequestParameterResolver
    implements SyncHandlerMethodArgumentResolver, WebFluxConfigurer {
  private static final Set<Class<?>> TYPES =
      Set.of(PageRequest.class, IdempotencyKey.class, IfMatch.class);

  private final IdempotencyKeys idempotencyKeys;

  RequestParameterResolver(IdempotencyKeys idempotencyKeys) {
    this.idempotencyKeys = idempotencyKeys;
  }

  @Override
  public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
    configurer.addCustomResolver(this);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return TYPES.contains(parameter.getParameterType())
        || QueryFilterBinder.isFilter(parameter.getParameterType());
  }

  @Override
  public Object resolveArgumentValue(
      MethodParameter parameter, BindingContext binding, ServerWebExchange exchange) {
    var request = exchange.getRequest();
    if (parameter.getParameterType() == PageRequest.class)
      return toPageRequest(request.getQueryParams());
    if (QueryFilterBinder.isFilter(parameter.getParameterType()))
      return QueryFilterBinder.bind(parameter.getParameterType(), request.getQueryParams());
    if (parameter.getParameterType() == IfMatch.class)
      return new IfMatch(request.getHeaders().getFirst(HttpHeaders.IF_MATCH));
    var key = request.getHeaders().getFirst(IdempotencyKeys.HEADER);
    if (key != null) IdempotencyKeys.requireValid(key);
    var path = request.getPath().pathWithinApplication().value();
    return new IdempotencyKey(idempotencyKeys, key, request.getMethod() + " " + path);
  }

  static PageRequest toPageRequest(MultiValueMap<String, String> parameters) {
    return Pagination.toPageRequest(
        parseLimit(parameters.getFirst(Pagination.LIMIT)), parameters.getFirst(Pagination.CURSOR));
  }

  private static @Nullable Integer parseLimit(@Nullable String limit) {
    if (limit == null || limit.isEmpty()) return null;
    try {
      return NumberUtils.parseNumber(limit, Integer.class);
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.parameter(Pagination.LIMIT, "must be a whole number");
    }
  }
}
