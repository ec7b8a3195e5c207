package io.agentledger.command.model.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.model.ModelRequest;
import io.agentledger.command.model.ProcessRef;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class RehearsalUpstreamTest {
  private static final String REQUEST =
      """
      {"model":"claude-opus-4-8","stream":true,"max_tokens":1,
       "messages":[{"role":"user","content":"scenario: text"}]}""";

  @Test
  void sentChunkIsNotReleasedAgainWhenItsClientDisconnects() {
    var sent = new ConcurrentLinkedQueue<ByteBuf>();
    var discarded = new ConcurrentLinkedQueue<ByteBuf>();
    new RehearsalUpstream(ScenarioRegistry.load(null), 0)
        .send(request(), response -> disconnectEarly(response.body(), sent, discarded))
        .block(Duration.ofSeconds(10));
    assertThat(sent).hasSize(3);
    assertThat(discarded).isEmpty();
  }

  private static Flux<Void> disconnectEarly(
      Flux<ByteBuf> body, Queue<ByteBuf> sent, Queue<ByteBuf> discarded) {
    return body.doOnDiscard(ByteBuf.class, discarded::add)
        .take(3)
        .doOnNext(sent::add)
        .thenMany(Flux.empty());
  }

  private static ModelRequest request() {
    return new ModelRequest(
        new ProcessRef(SessionId.next(), ProcessId.next()),
        ModelRequest.Operation.MESSAGES,
        "",
        new DefaultHttpHeaders(),
        REQUEST.getBytes(StandardCharsets.UTF_8));
  }
}
