package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Source;
import io.agentledger.gateway.support.Knock;
import io.agentledger.gateway.support.RequestIds;
import io.agentledger.gateway.support.Visit;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.springframework.boot.rsocket.autoconfigure.RSocketMessageHandlerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.reactive.HandlerMethodArgumentResolver;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** Binds the caller of a request on RSocket, as {@link Visits} does on HTTP. */
@Configuration(proxyBeanMethods = false)
class RSocketVisits {
  @Bean
  RSocketMessageHandlerCustomizer visitsOnRSocket() {
    return handler -> handler.getArgumentResolverConfigurer().addCustomResolver(new Resolver());
  }

  private static final class Resolver implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == Visit.class;
    }

    @Override
    public Mono<Object> resolveArgument(MethodParameter parameter, Message<?> message) {
      return Visits.caller()
          .zipWith(Mono.deferContextual(context -> Mono.just(source(context))))
          .map(
              found ->
                  Visits.visit(found.getT1(), new Knock(RequestIds.next(), found.getT2())));
    }

    /** The door puts the connection's channel there. */
    private static Source source(ContextView context) {
      return context
          .<Channel>getOrEmpty(Channel.class)
          .map(Channel::remoteAddress)
          .filter(InetSocketAddress.class::isInstance)
          .map(peer -> ((InetSocketAddress) peer).getAddress())
          .map(address -> new Source(address.getHostAddress(), ""))
          .orElse(Source.NONE);
    }
  }
}
