package io.agentledger.gateway.session.websocket;

import io.agentledger.gateway.support.security.WebSocketTicketProtocol;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.WebsocketServerSpec;

/** Configures WebSockets: the maximum size of messages is that of request bodies. */
@Configuration(proxyBeanMethods = false)
class WebSocketConfiguration {
  private static final int MESSAGE_BYTES_MAX = 1024 * 1024;

  @Bean
  WebSocketService webSocketService() {
    return new TicketSubProtocolService(
        new ReactorNettyRequestUpgradeStrategy(
            () -> WebsocketServerSpec.builder().maxFramePayloadLength(MESSAGE_BYTES_MAX)));
  }

  /**
   * Selects the sub-protocol of a ticket, because a browser closes the connection unless the
   * response names one of its sub-protocols.
   */
  private static final class TicketSubProtocolService extends HandshakeWebSocketService {
    TicketSubProtocolService(RequestUpgradeStrategy upgrade) {
      super(upgrade);
    }

    @Override
    public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
      var tickets = WebSocketTicketProtocol.ticketProtocols(exchange.getRequest().getHeaders());
      return tickets.isEmpty()
          ? super.handleRequest(exchange, handler)
          : super.handleRequest(
              withSubProtocols(exchange, tickets), new SubProtocolHandler(tickets, handler));
    }

    /** Splits sub-protocols that one header contains, because Spring treats them as one. */
    private static ServerWebExchange withSubProtocols(
        ServerWebExchange exchange, List<String> tickets) {
      return exchange
          .mutate()
          .request(
              request ->
                  request.headers(headers -> headers.put(WebSocketTicketProtocol.HEADER, tickets)))
          .build();
    }
  }

  /** A handler with these sub-protocols. */
  private record SubProtocolHandler(List<String> subProtocols, WebSocketHandler handler)
      implements WebSocketHandler {
    @Override
    public List<String> getSubProtocols() {
      return subProtocols;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
      return handler.handle(session);
    }
  }
}
