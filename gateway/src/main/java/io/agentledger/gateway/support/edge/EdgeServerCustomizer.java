package io.agentledger.gateway.support.edge;

import io.agentledger.gateway.support.edge.RequestTimeoutHandler.InboundActivityHandler;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Adds the edge handlers to every connection of the HTTP server, including WebSockets. */
@Component
final class EdgeServerCustomizer
    implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {
  /** Maximum of a connection in the system, beside what is on its way to the client. */
  private static final long UNSENT_BYTES_MAX = 64 * 1024;

  private final EdgeProperties edgeProperties;
  private final ConnectionLimitHandler connectionLimitHandler;
  private final StrictRequestHandler strictRequestHandler;
  private final NettyProblemWriter problemWriter;

  EdgeServerCustomizer(
      EdgeProperties edgeProperties,
      ConnectionLimitHandler connectionLimitHandler,
      StrictRequestHandler strictRequestHandler,
      NettyProblemWriter problemWriter) {
    this.edgeProperties = edgeProperties;
    this.connectionLimitHandler = connectionLimitHandler;
    this.strictRequestHandler = strictRequestHandler;
    this.problemWriter = problemWriter;
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    SendPrefetch.set();
    factory.addServerCustomizers(
        server ->
            limitUnsent(server)
                .doOnChannelInit((observer, channel, remote) -> addHandlers(channel)));
  }

  /** Otherwise the system keeps megabytes of a response whose client does not read. */
  private static HttpServer limitUnsent(HttpServer server) {
    return Epoll.isAvailable()
        ? server.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES_MAX)
        : server;
  }

  private void addHandlers(Channel channel) {
    var requestTimeoutHandler = new RequestTimeoutHandler(edgeProperties, problemWriter);
    channel
        .pipeline()
        .addBefore(NettyPipeline.HttpCodec, "edge.connection-limit", connectionLimitHandler)
        .addBefore(
            NettyPipeline.HttpCodec,
            "edge.inbound-activity",
            requestTimeoutHandler.new InboundActivityHandler())
        .addBefore(NettyPipeline.HttpTrafficHandler, "edge.request-timeout", requestTimeoutHandler)
        .addBefore(NettyPipeline.HttpTrafficHandler, "edge.strict-request", strictRequestHandler);
  }
}
