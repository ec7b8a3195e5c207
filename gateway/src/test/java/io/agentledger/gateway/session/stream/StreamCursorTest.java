package io.agentledger.gateway.session.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Partial;
import io.agentledger.gateway.support.json.WireJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Items that a client receives from a buffer that other clients read, too. */
class StreamCursorTest {
  private final SessionId session = SessionId.next();
  private final MessageId message = MessageId.next();
  private final SessionStreamBuffer buffer = new SessionStreamBuffer(session, 3, new WireJson());

  private void appendPartial(String text) {
    buffer.append(
        StreamItem.transientEvent(
            session,
            null,
            null,
            Instant.EPOCH,
            new Partial(message, 0, Partial.Phase.DELTA, "text", text)));
  }

  private void appendEvent(long sequence) {
    var body = new StreamItem.Status(Map.of());
    buffer.append(
        new StreamItem(
            body.type(), "RunStarted", session, null, null, null, sequence, Instant.EPOCH, body));
  }

  private StreamCursor cursor(long after, boolean resumed) {
    return new StreamCursor(
        buffer, new StreamRequest(null, session, after, 3, resumed, null), null);
  }

  private static List<String> read(StreamCursor cursor) {
    var items = new ArrayList<String>();
    for (var item = cursor.next(); item != null; item = cursor.next()) {
      var json = item.json().toString(StandardCharsets.UTF_8);
      items.add(
          item.hasSequence() ? "" + item.sequence() : json.replaceAll(".*\"text\":\"|\".*", ""));
    }
    return items;
  }

  @Test
  void resumedStreamDoesNotRepeatPartials() {
    appendEvent(4);
    appendPartial("sent before");
    var first = cursor(3, false);
    assertThat(read(first)).containsExactly("4", "sent before");
    first.stop();

    var resumed = cursor(4, true);
    assertThat(read(resumed)).isEmpty();
    appendPartial("new");
    appendEvent(5);
    assertThat(read(resumed)).containsExactly("new", "5");
  }

  @Test
  void backlogOfAReaderIsLimitedInBytes() {
    var body = new StreamItem.Status(Map.of("text", "x".repeat(100_000)));
    var large =
        new StreamItem(
            body.type(), "RunStarted", session, null, null, null, 1L, Instant.EPOCH, body);
    var json = new WireJson();
    assertThat(StreamItemEncoder.encodeFirst(json, Collections.nCopies(64, large))).hasSize(3);
    assertThat(StreamItemEncoder.encodeFirst(json, List.of(large))).hasSize(1);
  }

  @Test
  void resumedStreamStillGetsMissedEvents() {
    appendEvent(4);
    appendPartial("sent before");
    appendEvent(5);
    assertThat(read(cursor(4, true))).containsExactly("5");
  }
}
