package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.problem.ProblemExceptionHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import org.springframework.security.web.server.util.matcher.NegatedServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Security of HTTP: every route requires an authenticated caller, except for probes, the API
 * documentation and the routes that create or renew a login.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class WebSecurityConfiguration {
  /** Paths without authentication, which would need the database. */
  static final String[] PROBE_PATHS = {
    "/actuator/health/liveness", "/actuator/health/readiness", "/api/v1/health", "/api/health",
  };

  /** Paths that need no caller. */
  static final String[] PUBLIC_PATHS = {
    "/actuator/health/liveness",
    "/actuator/health/readiness",
    "/api/v1/health",
    "/api/health",
    "/.well-known/jwks.json",
    "/v3/api-docs",
    "/v3/api-docs.yaml",
    "/v3/asyncapi",
    "/",
    "/docs",
    "/swagger-ui/**",
    "/widget.js",
  };

  /** Paths of webhooks, whose senders are verified by signatures. */
  static final String WEBHOOK_PATHS = "/webhooks/**";

  /** Paths of the chat widget, whose visitors have tokens of their channel. */
  static final String WIDGET_PATHS = "/widget/**";

  /** Paths that create, renew or end a login. */
  static final String[] LOGIN_PATHS = {
    "/api/v1/auth/register",
    "/api/v1/auth/login",
    "/api/v1/auth/refresh",
    "/api/v1/auth/logout",
    "/api/v1/invitations/accept",
  };

  /**
   * Permits only scripts of the service's own origin; the documentation page needs its inline
   * styles.
   */
  private static final String CONTENT_POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src"
          + " 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  /** Without several timers and spans for each request, and the operators that would make them. */
  @Bean
  SecurityObservationSettings securityObservationSettings() {
    return SecurityObservationSettings.noObservations();
  }

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
                    .pathMatchers(HttpMethod.POST, WEBHOOK_PATHS, WIDGET_PATHS)
                    .permitAll()
                    .pathMatchers(HttpMethod.GET, WEBHOOK_PATHS, WIDGET_PATHS)
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
    var filter = new AuthenticationWebFilter(callerAuthenticator);
    filter.setRequiresAuthenticationMatcher(
        new NegatedServerWebExchangeMatcher(
            ServerWebExchangeMatchers.matchers(
                ServerWebExchangeMatchers.pathMatchers(PROBE_PATHS),
                ServerWebExchangeMatchers.pathMatchers(
                    HttpMethod.POST, WEBHOOK_PATHS, WIDGET_PATHS),
                ServerWebExchangeMatchers.pathMatchers(
                    HttpMethod.GET, WEBHOOK_PATHS, WIDGET_PATHS))));
    filter.setServerAuthenticationConverter(WebSecurityConfiguration::toToken);
    filter.setAuthenticationFailureHandler(
        (exchange, failure) ->
            isExpiredCookie(exchange, failure)
                ? exchange.getChain().filter(exchange.getExchange())
                : problemHandler.handle(exchange.getExchange(), failure));
    filter.setSecurityContextRepository(NoOpServerSecurityContextRepository.getInstance());
    return filter;
  }

  private static Mono<Authentication> toToken(ServerWebExchange exchange) {
    return Mono.fromCallable(() -> PresentedCredential.from(exchange.getRequest()))
        .map(
            credential ->
                new CredentialAuthenticationToken(
                    credential, RequestContextArgumentResolver.requestMetadata(exchange)));
  }

  /** The browser sends a cookie that is no longer valid, too: the request then has no caller. */
  private static boolean isExpiredCookie(
      WebFilterExchange exchange, AuthenticationException failure) {
    return failure instanceof BadCredentialsException
        && PresentedCredential.from(exchange.getExchange().getRequest())
            instanceof PresentedCredential.CookieToken;
  }
}
