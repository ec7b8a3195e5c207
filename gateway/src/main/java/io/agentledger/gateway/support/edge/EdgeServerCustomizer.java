package io.agentledger.gateway.support.edge;

import io.agentledger.gateway.support.edge.RequestTimeoutHandler.InboundActivityHandler;
import io.netty.channel.Channel;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/** Puts the guards before every connection of the HTTP server, those of sockets included. */
@Component
final class EdgeServerCustomizer
    implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {
  private final EdgeProperties edgeProperties;
  private final ConnectionLimitHandler connectionLimitHandler;
  private final StrictRequestHandler strictRequestHandler;
  private final NettyProblemWriter problems;

  EdgeServerCustomizer(
      EdgeProperties edgeProperties,
      ConnectionLimitHandler connectionLimitHandler,
      StrictRequestHandler strictRequestHandler,
      NettyProblemWriter problems) {
    this.edgeProperties = edgeProperties;
    this.connectionLimitHandler = connectionLimitHandler;
    this.strictRequestHandler = strictRequestHandler;
    this.problems = problems;
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    factory.addServerCustomizers(
        server -> server.doOnChannelInit((observer, channel, remote) -> guard(channel)));
  }

  private void guard(Channel channel) {
    var requestTimeoutHandler = new RequestTimeoutHandler(edgeProperties, problems);
    channel
        .pipeline()
        .addBefore(NettyPipeline.HttpCodec, "edge.counts", connectionLimitHandler)
        .addBefore(
            NettyPipeline.HttpCodec,
            "edge.arrivals",
            requestTimeoutHandler.new InboundActivityHandler())
        .addBefore(NettyPipeline.HttpTrafficHandler, "edge.pace", requestTimeoutHandler)
        .addBefore(NettyPipeline.HttpTrafficHandler, "edge.form", strictRequestHandler);
  }
}
