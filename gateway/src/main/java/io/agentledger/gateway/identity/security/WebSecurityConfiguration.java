package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.problem.ProblemExceptionHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import org.springframework.security.web.server.util.matcher.NegatedServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Every route wants a key but the few that say that the service lives and how it is spoken to. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class WebSecurityConfiguration {
  /** Credentials are not even looked at here: these answer when the database does not. */
  static final String[] PROBE_PATHS = {
    "/actuator/health/liveness", "/actuator/health/readiness",
  };

  /** What answers without a key. */
  static final String[] PUBLIC_PATHS = {
    "/actuator/health/liveness",
    "/actuator/health/readiness",
    "/.well-known/jwks.json",
    "/v3/api-docs",
    "/v3/api-docs.yaml",
    "/v3/api-docs/swagger-config",
    "/docs",
    "/swagger-ui/**",
  };

  /** Where those come in who are not known yet. */
  static final String[] LOGIN_PATHS = {
    "/api/v1/auth/register",
    "/api/v1/auth/login",
    "/api/v1/auth/refresh",
    "/api/v1/auth/logout",
    "/api/v1/invitations/accept",
  };

  /** Scripts of our own origin only; the documentation page needs its inline styles. */
  private static final String CONTENT_POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src"
          + " 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  @Bean
  SecurityWebFilterChain securityWebFilterChain(
      ServerHttpSecurity http,
      CallerAuthenticator callerAuthenticator,
      ProblemExceptionHandler problemHandler) {
    return http.csrf(ServerHttpSecurity.CsrfSpec::disable) // See CookieCsrfFilter.
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
            routes ->
                routes
                    .pathMatchers(PUBLIC_PATHS)
                    .permitAll()
                    .pathMatchers(HttpMethod.POST, LOGIN_PATHS)
                    .permitAll()
                    .anyExchange()
                    .authenticated())
        .addFilterAt(
            authenticationFilter(callerAuthenticator, problemHandler),
            SecurityWebFiltersOrder.AUTHENTICATION)
        .exceptionHandling(
            failures ->
                failures
                    .authenticationEntryPoint(problemHandler::handle)
                    .accessDeniedHandler(problemHandler::handle))
        .build();
  }

  private static AuthenticationWebFilter authenticationFilter(
      CallerAuthenticator callerAuthenticator, ProblemExceptionHandler problemHandler) {
    ReactiveAuthenticationManager authenticationManager = Mono::just;
    var filter = new AuthenticationWebFilter(authenticationManager);
    filter.setRequiresAuthenticationMatcher(
        new NegatedServerWebExchangeMatcher(ServerWebExchangeMatchers.pathMatchers(PROBE_PATHS)));
    filter.setServerAuthenticationConverter(
        exchange -> authenticate(callerAuthenticator, exchange));
    filter.setAuthenticationFailureHandler(
        (exchange, failure) -> problemHandler.handle(exchange.getExchange(), failure));
    filter.setSecurityContextRepository(NoOpServerSecurityContextRepository.getInstance());
    return filter;
  }

  private static Mono<Authentication> authenticate(
      CallerAuthenticator callerAuthenticator, ServerWebExchange exchange) {
    return Mono.fromCallable(() -> PresentedCredential.from(exchange.getRequest()))
        .flatMap(
            presentedCredential -> {
              var authentication =
                  callerAuthenticator.authenticate(
                      presentedCredential,
                      RequestContextArgumentResolver.requestMetadata(exchange));
              // The browser sends it by itself: one that is over is as good as none.
              return presentedCredential instanceof PresentedCredential.CookieToken
                  ? authentication.onErrorResume(
                      BadCredentialsException.class, exception -> Mono.empty())
                  : authentication;
            });
  }

  /** So that nobody generates a password. */
  @Bean
  ReactiveAuthenticationManager reactiveAuthenticationManager() {
    return (Authentication authentication) -> Mono.just(authentication);
  }
}
