package io.agentledger.client.cli;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Input of a user who types each line once a question or the prompt of a conversation is shown. */
final class TypedAnswers extends InputStream {
  private final Supplier<String> shown;
  private final Iterator<String> lines;
  private byte[] line = {};
  private int next;
  private int shownBefore;

  TypedAnswers(Supplier<String> shown, String... lines) {
    this.shown = shown;
    this.lines = List.of(lines).iterator();
  }

  @Override
  public int read() {
    if (next == line.length) {
      if (!lines.hasNext()) return -1;
      Awaitility.await().until(this::isAsked);
      shownBefore = shown.get().length();
      line = (lines.next() + "\n").getBytes(StandardCharsets.UTF_8);
      next = 0;
    }
    return line[next++];
  }

  private boolean isAsked() {
    var text = shown.get();
    var end = text.replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", "").stripTrailing();
    return text.length() > shownBefore && (end.endsWith(":") || end.endsWith("›"));
  }

  /** Reads what is available only, as from a terminal. */
  @Override
  public int read(byte[] target, int offset, int length) {
    int value = read();
    if (value < 0) return -1;
    target[offset] = (byte) value;
    return 1;
  }
}
