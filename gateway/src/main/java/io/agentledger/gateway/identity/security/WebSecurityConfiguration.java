package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.problem.ProblemExceptionHandler;
import io.agentledger.gateway.support.security.RouteMatcher;
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
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Security of HTTP: every route requires an authenticated caller, except for probes, the API
 * documentation and the routes that create or renew a login.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class WebSecurityConfiguration {
  /** Paths of webhooks, whose senders are verified by signatures. */
  private static final String WEBHOOK_PATHS = "/webhooks/**";

  /** Paths of the chat widget, whose visitors have tokens of their channel. */
  private static final String WIDGET_PATHS = "/widget/**";

  /**
   * Routes without authentication: probes, which must not need the database, and those whose
   * features verify the senders.
   */
  private static final RouteMatcher UNAUTHENTICATED_ROUTES =
      RouteMatcher.of(
              "/actuator/health/liveness",
              "/actuator/health/readiness",
              "/api/v1/health",
              "/api/health")
          .or(HttpMethod.POST, WEBHOOK_PATHS, WIDGET_PATHS)
          .or(HttpMethod.GET, WEBHOOK_PATHS, WIDGET_PATHS);

  /** Routes that need no caller; POST creates, renews or ends a login. */
  private static final RouteMatcher PUBLIC_ROUTES =
      UNAUTHENTICATED_ROUTES
          .or(
              null,
              "/.well-known/jwks.json",
              "/v3/api-docs",
              "/v3/api-docs.yaml",
              "/v3/asyncapi",
              "/",
              "/docs",
              "/swagger-ui/**",
              "/widget.js")
          .or(
              HttpMethod.POST,
              "/api/v1/auth/register",
              "/api/v1/auth/login",
              "/api/v1/auth/refresh",
              "/api/v1/auth/logout",
              "/api/v1/invitations/accept");

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
        .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
        .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                    .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER)))
        .authorizeExchange(
            routes -> routes.matchers(PUBLIC_ROUTES).permitAll().anyExchange().authenticated())
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
        exchange ->
            UNAUTHENTICATED_ROUTES.isMatch(exchange)
                ? MatchResult.notMatch()
                : MatchResult.match());
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
