package io.agentledger.client.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Parses a stream of server-sent events according to the HTML standard: lines end with CR, LF or
 * both, a blank line ends an event, and an incomplete event at the end of the stream is dropped.
 * Comments are skipped. For one thread.
 */
public final class SseParser {
  /** Largest length of a line in bytes; a longer one is an error of the stream. */
  static final int LINE_BYTES_MAX = 64 << 20;

  private static final int BUFFER_BYTES = 16 << 10;
  private static final String BOM = "\uFEFF";

  private final InputStream input;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
  private boolean afterCarriageReturn;
  private boolean first = true;
  private @Nullable String lastId;
  private @Nullable Long retryMillis;

  public SseParser(InputStream input) {
    this.input = new BufferedInputStream(input, BUFFER_BYTES);
  }

  /**
   * One event.
   *
   * @param id the last id in the stream, of this event or an earlier one
   * @param name {@code message} if the stream names none
   */
  public record Event(@Nullable String id, String name, String data) {}

  /** Reads the next event; blocks until there is one. Empty at the end of the stream. */
  public Optional<Event> next() throws IOException {
    String name = "";
    StringBuilder data = null;
    while (readLine()) {
      var text = line.toString(StandardCharsets.UTF_8);
      if (first && text.startsWith(BOM)) text = text.substring(1);
      first = false;
      if (text.isEmpty()) {
        if (data != null)
          return Optional.of(new Event(lastId, name.isEmpty() ? "message" : name, data.toString()));
        name = "";
        continue;
      }
      int colonIndex = text.indexOf(':');
      if (colonIndex == 0) continue;
      var field = colonIndex < 0 ? text : text.substring(0, colonIndex);
      var value = colonIndex < 0 ? "" : text.substring(colonIndex + 1);
      if (value.startsWith(" ")) value = value.substring(1);
      switch (field) {
        case "event" -> name = value;
        case "data" ->
            data = data == null ? new StringBuilder(value) : data.append('\n').append(value);
        case "id" -> lastId = value.indexOf('\0') < 0 ? value : lastId;
        case "retry" -> retryMillis = parseMillis(value);
        default -> {}
      }
    }
    return Optional.empty();
  }

  /** Returns the delay before a reconnect that the stream requests. */
  public OptionalLong retryMillis() {
    return retryMillis == null ? OptionalLong.empty() : OptionalLong.of(retryMillis);
  }

  private @Nullable Long parseMillis(String value) {
    return value.matches("[0-9]{1,9}") ? Long.valueOf(value) : retryMillis;
  }

  /** Reads a line; false at the end of the stream, also if that cuts off a line. */
  private boolean readLine() throws IOException {
    line.reset();
    for (int value = input.read(); value >= 0; value = input.read()) {
      boolean isLineFeedAfterReturn = afterCarriageReturn && value == '\n';
      afterCarriageReturn = value == '\r';
      if (isLineFeedAfterReturn) continue;
      if (value == '\n' || value == '\r') return true;
      if (line.size() == LINE_BYTES_MAX) throw new IOException("a line of the stream is too long");
      line.write(value);
    }
    return false;
  }
}
