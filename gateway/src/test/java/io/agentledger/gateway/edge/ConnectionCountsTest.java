package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.support.edge.ConnectionLimitHandler;
import io.agentledger.gateway.support.edge.EdgeProperties;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection beyond the limit is closed before a byte of it is read. */
class ConnectionCountsTest {
  private final ConnectionLimitHandler connectionLimitHandler =
      new ConnectionLimitHandler(
          new EdgeProperties(
              List.of(),
              List.of(),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              10,
              3));

  private EmbeddedChannel channelFrom(String address) {
    var channel =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(address, 1);
          }
        };
    channel.pipeline().addFirst(connectionLimitHandler);
    channel.pipeline().fireChannelActive();
    return channel;
  }

  @Test
  void connectionsPerAddressAreLimitedAndReleased() {
    var mine = new ArrayList<EmbeddedChannel>();
    for (int i = 0; i < 3; i++) mine.add(channelFrom("192.0.2.1"));
    assertThat(mine).allMatch(EmbeddedChannel::isOpen);
    assertThat(channelFrom("192.0.2.1").isOpen()).isFalse();
    assertThat(channelFrom("192.0.2.2").isOpen()).isTrue();
    mine.getFirst().close();
    assertThat(channelFrom("192.0.2.1").isOpen()).isTrue();
    assertThat(channelFrom("192.0.2.1").isOpen()).isFalse();
  }

  @Test
  void totalConnectionsAreLimited() {
    for (int i = 0; i < 10; i++) assertThat(channelFrom("192.0.2." + i).isOpen()).isTrue();
    assertThat(connectionLimitHandler.openConnectionCount()).isEqualTo(10);
    assertThat(channelFrom("192.0.2.99").isOpen()).isFalse();
    assertThat(connectionLimitHandler.openConnectionCount()).isEqualTo(10);
  }

  @Test
  void connectionsOfALocalProxyCountOnlyTowardsTheTotal() {
    for (int i = 0; i < 10; i++) assertThat(channelFrom("127.0.0.1").isOpen()).isTrue();
    assertThat(channelFrom("127.0.0.1").isOpen()).isFalse();
  }
}
