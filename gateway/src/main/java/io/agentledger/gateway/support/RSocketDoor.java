package io.agentledger.gateway.support;

import io.rsocket.core.RSocketServer;
import io.rsocket.plugins.RSocketInterceptor;
import io.rsocket.transport.ServerTransport.ConnectionAcceptor;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.transport.netty.server.WebsocketRouteTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;
import org.springframework.security.rsocket.api.PayloadInterceptor;
import org.springframework.security.rsocket.core.PayloadSocketAcceptorInterceptor;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.tcp.TcpServer;

/**
 * RSocket on a TCP port of its own and, over WebSocket, at {@code /rsocket} of the HTTP port. Both
 * have the same guard, the same bounds, and answer failures with the same problems.
 */
@Component
public final class RSocketDoor implements SmartLifecycle, NettyRouteProvider {
  private static final int PAYLOAD_BYTES_MAX = 1024 * 1024;

  private final RSocketServer server;
  private final KnownHosts hosts;
  private final InetSocketAddress address;
  private volatile @Nullable CloseableChannel channel;

  RSocketDoor(
      RSocketMessageHandler handler,
      PayloadInterceptor guard,
      WireJson json,
      KnownHosts hosts,
      ServerProperties http,
      DoorSettings settings) {
    var guarded = new PayloadSocketAcceptorInterceptor(List.of(guard));
    guarded.setDefaultDataMimeType(MediaType.APPLICATION_JSON);
    this.server =
        RSocketServer.create(handler.responder())
            .maxInboundPayloadSize(PAYLOAD_BYTES_MAX)
            .interceptors(
                interceptors ->
                    interceptors
                        .forSocketAcceptor(guarded)
                        .forResponder(
                            (RSocketInterceptor) socket -> new ProblemSocket(socket, json)));
    this.hosts = hosts;
    var local = http.getAddress();
    this.address =
        new InetSocketAddress(
            local == null ? InetAddress.getLoopbackAddress() : local, settings.rsocketPort());
  }

  @Override
  public HttpServerRoutes apply(HttpServerRoutes routes) {
    ConnectionAcceptor acceptor = server.asConnectionAcceptor(PAYLOAD_BYTES_MAX);
    var handler = WebsocketRouteTransport.newHandler(acceptor);
    var spec = WebsocketServerSpec.builder().maxFramePayloadLength(PAYLOAD_BYTES_MAX).build();
    return routes.ws(
        "/rsocket",
        (in, out) ->
            hosts.serves(in.headers().get("Host"), in.headers().get("Origin"))
                ? handler.apply(in, out)
                : Mono.<Void>from(out.sendClose(1008, "host not served")),
        spec);
  }

  @Override
  public void start() {
    var tcp = TcpServer.create().bindAddress(() -> address);
    channel = server.bindNow(TcpServerTransport.create(tcp, PAYLOAD_BYTES_MAX));
  }

  @Override
  public void stop() {
    var open = channel;
    channel = null;
    if (open != null) open.dispose();
  }

  @Override
  public boolean isRunning() {
    return channel != null;
  }

  /** The TCP port, once it is open; 0 before. */
  public int port() {
    var open = channel;
    return open == null ? 0 : open.address().getPort();
  }
}
