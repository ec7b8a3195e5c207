package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.problem.DeniedRequestRecorder;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestIdFilter;
import io.agentledger.gateway.support.web.RequestMetadata;
import io.agentledger.gateway.support.web.RequestSourceResolver;
import java.util.Optional;
import org.springframework.core.MethodParameter;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Resolves arguments of HTTP handlers: a {@link RequestContext} for the authenticated caller, a
 * {@link RequestMetadata} where a request needs no caller.
 */
@Component
public final class RequestContextArgumentResolver
    implements HandlerMethodArgumentResolver, WebFluxConfigurer {
  @Override
  public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
    configurer.addCustomResolver(this);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == RequestContext.class
        || parameter.getParameterType() == RequestMetadata.class;
  }

  @Override
  public Mono<Object> resolveArgument(
      MethodParameter parameter, BindingContext binding, ServerWebExchange exchange) {
    var requestMetadata = requestMetadata(exchange);
    if (parameter.getParameterType() == RequestMetadata.class) return Mono.just(requestMetadata);
    return requireAuthentication()
        .map(
            authentication -> {
              var context = requestContext(authentication, requestMetadata);
              exchange.getAttributes().put(DeniedRequestRecorder.CONTEXT_ATTRIBUTE, context);
              return context;
            });
  }

  static RequestMetadata requestMetadata(ServerWebExchange exchange) {
    return new RequestMetadata(
        RequestIdFilter.requestId(exchange), RequestSourceResolver.resolve(exchange.getRequest()));
  }

  /** Returns the context of the caller, empty if the request has none; for public routes. */
  public static Mono<Optional<RequestContext>> resolve(RequestMetadata requestMetadata) {
    return findAuthentication()
        .map(authentication -> Optional.of(requestContext(authentication, requestMetadata)))
        .defaultIfEmpty(Optional.empty());
  }

  static RequestContext requestContext(
      CallerAuthentication authentication, RequestMetadata requestMetadata) {
    return new RequestContext(
        authentication.getPrincipal(),
        requestMetadata.requestId(),
        requestMetadata.source(),
        authentication.credentialRef());
  }

  /** Returns the authentication of the current reactive context, on any protocol. */
  static Mono<CallerAuthentication> requireAuthentication() {
    return findAuthentication()
        .switchIfEmpty(
            Mono.error(() -> new AuthenticationCredentialsNotFoundException("no caller")));
  }

  private static Mono<CallerAuthentication> findAuthentication() {
    return ReactiveSecurityContextHolder.getContext()
        .flatMap(context -> Mono.justOrEmpty(context.getAuthentication()))
        .ofType(CallerAuthentication.class);
  }
}
