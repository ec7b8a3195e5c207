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
  private final EdgeProperties settings;
  private final ConnectionLimitHandler counts;
  private final StrictRequestHandler form;
  private final NettyProblemWriter problems;

  EdgeServerCustomizer(
      EdgeProperties settings,
      ConnectionLimitHandler counts,
      StrictRequestHandler form,
      NettyProblemWriter problems) {
    this.settings = settings;
    this.counts = counts;
    this.form = form;
    this.problems = problems;
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    factory.addServerCustomizers(
        server -> server.doOnChannelInit((observer, channel, remote) -> guard(channel)));
  }

  private void guard(Channel channel) {
    var pace = new RequestTimeoutHandler(settings, problems);
    channel
        .pipeline()
        .addBefore(NettyPipeline.HttpCodec, "edge.counts", counts)
        .addBefore(NettyPipeline.HttpCodec, "edge.arrivals", pace.new InboundActivityHandler())
        .addBefore(NettyPipeline.HttpTrafficHandler, "edge.pace", pace)
        .addBefore(NettyPipeline.HttpTrafficHandler, "edge.form", form);
  }
}
