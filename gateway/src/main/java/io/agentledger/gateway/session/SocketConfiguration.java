package io.agentledger.gateway.session;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.netty.http.server.WebsocketServerSpec;

/** WebSocket messages may be as large as bodies. */
@Configuration(proxyBeanMethods = false)
class SocketConfiguration {
  private static final int MESSAGE_BYTES_MAX = 1024 * 1024;

  @Bean
  WebSocketService sockets() {
    return new HandshakeWebSocketService(
        new ReactorNettyRequestUpgradeStrategy(
            () -> WebsocketServerSpec.builder().maxFramePayloadLength(MESSAGE_BYTES_MAX)));
  }
}
