package io.agentledger.gateway.support.edge;

import io.agentledger.gateway.support.edge.RequestTimeoutHandler.InboundActivityHandler;
import io.netty.channel.Channel;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/** Adds the edge handlers to every connection of the HTTP server, including WebSockets. */
@Component
final class EdgeServerCustomizer
    implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {
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
        server -> server.doOnChannelInit((observer, channel, remote) -> addHandlers(channel)));
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
