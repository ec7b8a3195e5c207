package io.agentledger.client.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.client.support.SseParser.Event;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseParserTest {
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void everyLineEndingIsAccepted(String end) throws IOException {
    var stream =
        String.join(end, "id: 7", "event: tool", "data: a", "data: b", "", "data: c", "", "");
    assertThat(events(stream))
        .containsExactly(new Event("7", "tool", "a\nb"), new Event("7", "message", "c"));
  }

  @Test
  void commentsAndUnknownFieldsAreIgnored() throws IOException {
    assertThat(events(": ping\n\nwhat: ever\n: more\ndata: x\n\n"))
        .containsExactly(new Event(null, "message", "x"));
  }

  @Test
  void truncatedEventIsDropped() throws IOException {
    assertThat(events("data: whole\n\ndata: half\n")).hasSize(1);
    assertThat(events("data: whole\n\ndata: ha")).hasSize(1);
  }

  @Test
  void oneSpaceAfterTheColonIsRemoved() throws IOException {
    assertThat(events("data:  x\ndata:y\ndata\n\n"))
        .containsExactly(new Event(null, "message", " x\ny\n"));
  }

  @Test
  void eventWithoutDataIsIgnored() throws IOException {
    assertThat(events("event: tool\nid: 3\n\ndata: x\n\n"))
        .containsExactly(new Event("3", "message", "x"));
  }

  @Test
  void byteOrderMarkIsSkippedOnce() throws IOException {
    assertThat(events("\uFEFFdata: x\n\n")).containsExactly(new Event(null, "message", "x"));
  }

  @Test
  void idWithANulIsIgnored() throws IOException {
    assertThat(events("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n"))
        .containsExactly(new Event("1", "message", "a"), new Event("1", "message", "b"));
  }

  @Test
  void streamSetsTheRetryDelay() throws IOException {
    var parser = new SseParser(bytes("retry: 250\nretry: soon\ndata: x\n\n"));
    parser.next();
    assertThat(parser.retryMillis()).hasValue(250);
  }

  @Test
  void charactersMayBeSplit() throws IOException {
    var drop = new ByteArrayInputStream("data: größe €\n\n".getBytes(StandardCharsets.UTF_8));
    var drops =
        new InputStream() {
          @Override
          public int read() {
            return drop.read();
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            return drop.read(into, offset, Math.min(1, length));
          }
        };
    assertThat(new SseParser(drops).next()).contains(new Event(null, "message", "größe €"));
  }

  @Test
  void rejectsAnUnboundedLine() {
    var endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            java.util.Arrays.fill(into, offset, offset + length, (byte) 'x');
            return length;
          }
        };
    assertThatThrownBy(() -> new SseParser(endless).next()).hasMessageContaining("too long");
  }

  private static List<Event> events(String stream) throws IOException {
    var parser = new SseParser(bytes(stream));
    var all = new ArrayList<Event>();
    for (var event = parser.next(); event.isPresent(); event = parser.next()) all.add(event.get());
    return all;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
