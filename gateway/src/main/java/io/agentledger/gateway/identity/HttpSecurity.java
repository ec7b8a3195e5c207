package io.agentledger.gateway.identity;

import io.agentledger.gateway.support.ProblemHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import reactor.core.publisher.Mono;

/** Every route wants a key but the few that say that the service lives and how it is spoken to. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class HttpSecurity {
  /** What answers without a key. */
  static final String[] OPEN = {
    "/actuator/health/liveness",
    "/actuator/health/readiness",
    "/v3/api-docs",
    "/v3/api-docs.yaml",
    "/v3/api-docs/swagger-config",
    "/docs",
    "/swagger-ui/**",
  };

  /** Scripts of our own origin only; the documentation page needs its inline styles. */
  private static final String CONTENT_POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src"
          + " 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  @Bean
  SecurityWebFilterChain doors(ServerHttpSecurity http, Keys keys, ProblemHandler problems) {
    return http.csrf(ServerHttpSecurity.CsrfSpec::disable) // No cookies: nothing to forge with.
        .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
        .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
        .logout(ServerHttpSecurity.LogoutSpec::disable)
        .requestCache(cache -> cache.requestCache(NoOpServerRequestCache.getInstance()))
        .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                    .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER)))
        .authorizeExchange(
            routes -> routes.pathMatchers(OPEN).permitAll().anyExchange().authenticated())
        .addFilterAt(byKey(keys, problems), SecurityWebFiltersOrder.AUTHENTICATION)
        .exceptionHandling(
            failures ->
                failures
                    .authenticationEntryPoint(problems::handle)
                    .accessDeniedHandler(problems::handle))
        .build();
  }

  private static AuthenticationWebFilter byKey(Keys keys, ProblemHandler problems) {
    ServerAuthenticationConverter found =
        exchange ->
            Mono.fromCallable(() -> Keys.in(exchange.getRequest().getHeaders()))
                .flatMap(keys::authenticate);
    ReactiveAuthenticationManager known = Mono::just;
    var filter = new AuthenticationWebFilter(known);
    filter.setServerAuthenticationConverter(found);
    filter.setAuthenticationFailureHandler(
        (exchange, failure) -> problems.handle(exchange.getExchange(), failure));
    filter.setSecurityContextRepository(NoOpServerSecurityContextRepository.getInstance());
    return filter;
  }

  /** So that nobody generates a password. */
  @Bean
  ReactiveAuthenticationManager keysOnly() {
    return (Authentication authentication) -> Mono.just(authentication);
  }
}
