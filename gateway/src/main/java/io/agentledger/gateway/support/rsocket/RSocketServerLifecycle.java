package io.agentledger.gateway.support.rsocket;

import io.agentledger.gateway.support.edge.ConnectionLimitHandler;
import io.agentledger.gateway.support.edge.EdgeProperties;
import io.agentledger.gateway.support.edge.HostHeaderFilter;
import io.agentledger.gateway.support.edge.SendPrefetch;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.DeniedRequestRecorder;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.rsocket.DuplexConnection;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketServer;
import io.rsocket.plugins.RSocketInterceptor;
import io.rsocket.transport.ServerTransport.ConnectionAcceptor;
import io.rsocket.transport.netty.RSocketLengthCodec;
import io.rsocket.transport.netty.TcpDuplexConnection;
import io.rsocket.transport.netty.server.WebsocketRouteTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;
import org.springframework.security.rsocket.api.PayloadInterceptor;
import org.springframework.security.rsocket.core.PayloadSocketAcceptorInterceptor;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.netty.tcp.TcpServer;

/**
 * RSocket server on its own TCP port and, over WebSocket, at {@code /rsocket} of the HTTP port.
 * Both have the same authentication and limits, and the same problems as errors.
 */
@Component
public final class RSocketServerLifecycle implements SmartLifecycle, NettyRouteProvider {
  private static final int PAYLOAD_BYTES_MAX = 1024 * 1024;

  /**
   * Marks a channel as full before Reactor Netty stops writing to it: Netty counts 96 bytes more
   * for each frame. Otherwise frames would accumulate in a buffer that the service cannot observe.
   */
  private static final WriteBufferWaterMark WRITE_WATER_MARK =
      new WriteBufferWaterMark(SendPrefetch.BUFFERS * 96 / 3, SendPrefetch.BUFFERS * 96);

  /**
   * Otherwise the operating system buffers some megabytes for each connection whose client does not
   * read.
   */
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  private final ConnectionAcceptor acceptor;
  private final HostHeaderFilter hosts;
  private final ConnectionLimitHandler connectionLimitHandler;
  private final Duration timeout;
  private final InetSocketAddress address;
  private volatile @Nullable DisposableServer server;

  RSocketServerLifecycle(
      RSocketMessageHandler handler,
      List<PayloadInterceptor> payloadInterceptors,
      WireJson json,
      DeniedRequestRecorder deniedRequestRecorder,
      HostHeaderFilter hosts,
      ConnectionLimitHandler connectionLimitHandler,
      EdgeProperties edge,
      ServerProperties http,
      RSocketProperties rSocketProperties,
      ObjectProvider<MeterRegistry> meters) {
    var acceptorInterceptor = new PayloadSocketAcceptorInterceptor(payloadInterceptors);
    acceptorInterceptor.setDefaultDataMimeType(MediaType.APPLICATION_JSON);
    this.acceptor =
        RSocketServer.create(handler.responder())
            .maxInboundPayloadSize(PAYLOAD_BYTES_MAX)
            .interceptors(
                interceptors ->
                    interceptors
                        .forSocketAcceptor(acceptorInterceptor)
                        .forResponder(
                            (RSocketInterceptor)
                                socket ->
                                    metered(
                                        new ProblemMappingRSocket(
                                            socket, json, deniedRequestRecorder),
                                        meters)))
            .asConnectionAcceptor(PAYLOAD_BYTES_MAX);
    this.hosts = hosts;
    this.connectionLimitHandler = connectionLimitHandler;
    this.timeout = edge.headerTimeout();
    var configuredAddress = http.getAddress();
    this.address =
        new InetSocketAddress(
            configuredAddress == null ? InetAddress.getLoopbackAddress() : configuredAddress,
            rSocketProperties.rsocketPort());
  }

  private static RSocket metered(RSocket socket, ObjectProvider<MeterRegistry> meters) {
    var registry = meters.getIfAvailable();
    return registry == null ? socket : new MeteredRSocket(socket, registry);
  }

  @Override
  public HttpServerRoutes apply(HttpServerRoutes routes) {
    var spec = WebsocketServerSpec.builder().maxFramePayloadLength(PAYLOAD_BYTES_MAX).build();
    return routes.ws(
        "/rsocket",
        (inbound, outbound) ->
            hosts.isServedHandshake(inbound.headers().get("Host"), inbound.headers().get("Origin"))
                ? accept(inbound, outbound)
                : Mono.<Void>from(outbound.sendClose(1008, "host not served")),
        spec);
  }

  private Publisher<Void> accept(WebsocketInbound inbound, WebsocketOutbound outbound) {
    var channel = new AtomicReference<Channel>();
    inbound.withConnection(connection -> channel.set(connection.channel()));
    return WebsocketRouteTransport.newHandler(connection -> accept(connection, channel.get()))
        .apply(inbound, outbound);
  }

  /** Accepts a connection like {@code TcpServerTransport}, which does not provide the channel. */
  private void accept(Connection connection) {
    connection.addHandlerLast(new RSocketLengthCodec(PAYLOAD_BYTES_MAX));
    connection.addHandlerLast(new FirstFrameTimeoutHandler(timeout));
    accept(new TcpDuplexConnection("server", connection), connection.channel())
        .then(Mono.<Void>never())
        .subscribe(connection.disposeSubscriber());
  }

  /**
   * Adds the channel to the context of the connection, which is passed on to its requests. Streams
   * check whether the channel accepts data, because requested items do not mean that the client
   * reads.
   */
  private Mono<Void> accept(DuplexConnection connection, Channel channel) {
    channel.config().setWriteBufferWaterMark(WRITE_WATER_MARK);
    channel.config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES);
    return acceptor
        .apply(new FragmentLimitingConnection(connection))
        .contextWrite(context -> context.put(Channel.class, channel));
  }

  @Override
  public void start() {
    server =
        TcpServer.create()
            .bindAddress(() -> address)
            .doOnChannelInit(
                (observer, channel, remote) ->
                    channel
                        .pipeline()
                        .addFirst(connectionLimitHandler, new LingeringCloseHandler()))
            .doOnConnection(this::accept)
            .bindNow();
  }

  @Override
  public void stop() {
    var boundServer = server;
    server = null;
    if (boundServer != null) boundServer.disposeNow();
  }

  @Override
  public boolean isRunning() {
    return server != null;
  }

  /** Returns the TCP port once it is open; 0 before. */
  public int port() {
    var boundServer = server;
    return boundServer == null ? 0 : boundServer.port();
  }
}
