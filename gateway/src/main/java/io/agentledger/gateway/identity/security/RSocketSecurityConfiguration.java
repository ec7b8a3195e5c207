package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.rsocket.RSocketLogEntry;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestIdFilter;
import io.agentledger.gateway.support.web.RequestMetadata;
import io.agentledger.gateway.support.web.RequestSourceResolver;
import io.rsocket.Payload;
import io.rsocket.metadata.AuthMetadataCodec;
import io.rsocket.metadata.CompositeMetadata;
import io.rsocket.metadata.WellKnownAuthType;
import io.rsocket.metadata.WellKnownMimeType;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.rsocket.autoconfigure.RSocketMessageHandlerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.reactive.DestinationVariableMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.reactive.HandlerMethodArgumentResolver;
import org.springframework.security.core.Authentication;
import org.springframework.security.rsocket.api.PayloadExchange;
import org.springframework.security.rsocket.api.PayloadExchangeType;
import org.springframework.security.rsocket.authentication.AuthenticationPayloadInterceptor;
import reactor.core.publisher.Mono;

/**
 * Authentication on RSocket: a bearer token in {@code message/x.rsocket.authentication.v0}, in the
 * setup frame for the connection or in a request for that request. A request without a token is
 * authenticated again by the credential of its connection, which may have been revoked since.
 */
@Configuration(proxyBeanMethods = false)
class RSocketSecurityConfiguration {
  @Bean
  AuthenticationPayloadInterceptor rsocketAuthenticationInterceptor(
      CallerAuthenticator callerAuthenticator) {
    var interceptor = new AuthenticationPayloadInterceptor(callerAuthenticator);
    interceptor.setAuthenticationConverter(RSocketSecurityConfiguration::toToken);
    interceptor.setOrder(0); // Before the interceptors that need the caller.
    return interceptor;
  }

  private static Mono<Authentication> toToken(PayloadExchange exchange) {
    return Mono.defer(
        () -> {
          var token = readBearerToken(exchange.getPayload());
          if (token != null)
            return requestMetadata()
                .map(
                    requestMetadata ->
                        new CredentialAuthenticationToken(
                            new PresentedCredential.HeaderToken(token), requestMetadata));
          if (exchange.getType() == PayloadExchangeType.SETUP) return Mono.empty();
          return RequestContextArgumentResolver.requireAuthentication().cast(Authentication.class);
        });
  }

  static Mono<RequestMetadata> requestMetadata() {
    return Mono.deferContextual(
        context ->
            Mono.just(
                new RequestMetadata(
                    RequestIdFilter.newRequestId(), RequestSourceResolver.resolve(context))));
  }

  private static @Nullable String readBearerToken(Payload payload) {
    if (!payload.hasMetadata()) return null;
    try {
      for (var entry : new CompositeMetadata(payload.metadata(), false)) {
        if (!WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION
            .getString()
            .equals(entry.getMimeType())) continue;
        var content = entry.getContent().duplicate();
        if (AuthMetadataCodec.isWellKnownAuthType(content)
            && AuthMetadataCodec.readWellKnownAuthType(content) == WellKnownAuthType.BEARER)
          return new String(AuthMetadataCodec.readBearerTokenAsCharArray(content));
      }
      return null;
    } catch (IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException exception) {
      return null; // Metadata of another kind, or malformed.
    }
  }

  /** Resolves the {@link RequestContext} of a handler, as on HTTP. */
  @Bean
  RSocketMessageHandlerCustomizer requestContextResolverCustomizer() {
    return handler ->
        handler.getArgumentResolverConfigurer().addCustomResolver(new RequestContextResolver());
  }

  private static final class RequestContextResolver implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == RequestContext.class;
    }

    @Override
    public Mono<Object> resolveArgument(MethodParameter parameter, Message<?> message) {
      return RequestContextArgumentResolver.requireAuthentication()
          .zipWith(requestMetadata())
          .map(tuple -> RequestContextArgumentResolver.requestContext(tuple.getT1(), tuple.getT2()))
          .transformDeferredContextual(
              (resolved, reactorContext) ->
                  resolved.map(
                      context -> {
                        reactorContext
                            .<RSocketLogEntry>getOrEmpty(RSocketLogEntry.class)
                            .ifPresent(entry -> log(entry, parameter, message, context));
                        return (Object) context;
                      }));
    }

    private static void log(
        RSocketLogEntry entry,
        MethodParameter parameter,
        Message<?> message,
        RequestContext context) {
      var mapping = parameter.getMethodAnnotation(MessageMapping.class);
      var variables =
          message
              .getHeaders()
              .get(DestinationVariableMethodArgumentResolver.DESTINATION_TEMPLATE_VARIABLES_HEADER);
      entry.onHandled(
          mapping == null ? "" : String.join(",", mapping.value()),
          variables instanceof Map<?, ?> map ? map : Map.of(),
          context);
    }
  }
}
