package io.agentledger.gateway.session.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.TransientEventBus;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.web.RequestContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Streams begin as soon as the port is open, and end when the service stops. */
class SessionStreamRegistryTest {
  private final SessionStreamRegistry registry =
      new SessionStreamRegistry(
          null,
          new SilentBus(),
          new WireJson(),
          Clock.systemUTC(),
          new StreamProperties(Duration.ofSeconds(5), 6),
          null);

  /** Bus without events; the feed of recorded ones has no source and is retried. */
  private static final class SilentBus implements TransientEventBus {
    @Override
    public void publish(StreamItem frame) {}

    @Override
    public Runnable subscribe(
        SessionId session, @Nullable RunId run, Consumer<StreamItem> listener) {
      return () -> {};
    }
  }

  @Test
  void streamMayBeginBeforeTheStart() {
    var cursor = registry.subscribe(subscription());
    assertThat(cursor.buffer().isClosed()).isFalse();

    registry.start();
    assertThat(cursor.buffer().isClosed()).isFalse();
    registry.stop();
    assertThat(cursor.buffer().isClosed()).isTrue();
    assertThat(registry.openStreamCount()).isZero();
  }

  @Test
  void streamEndsAtOnceAfterTheStop() {
    registry.start();
    registry.stop();
    assertThat(registry.subscribe(subscription()).buffer().isClosed()).isTrue();
    assertThat(registry.openStreamCount()).isZero();
  }

  private StreamSubscription<?> subscription() {
    var caller = Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.ADMIN);
    var context = new RequestContext(caller, "req_test", RequestSource.NONE);
    return new StreamSubscription<>(
        registry,
        StreamRequest.forSession(context, SessionId.next(), 0),
        StreamFormat.SSE,
        new ClientChannel(new EmbeddedChannel().eventLoop(), () -> true, null));
  }
}
