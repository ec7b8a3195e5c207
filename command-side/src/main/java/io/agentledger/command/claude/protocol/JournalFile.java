package io.agentledger.command.claude.protocol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a CLI's append-only output by byte offset, complete lines only. Not thread-safe. */
public final class JournalFile implements AutoCloseable {
  /** Maximum length of a line in memory. Longer ones are skipped. */
  public static final int LINE_BYTES_MAX = 8 << 20;

  private static final int BLOCK_BYTES = 1 << 16;

  private final FileChannel file;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
  private ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private long position;
  private long lineStart;

  /**
   * A complete line.
   *
   * @param startOffset offset of its first byte
   * @param endOffset offset after its newline, at which a reader that has recorded it continues
   * @param bytes without the newline; empty for an oversized line
   */
  public record Line(long startOffset, long endOffset, Optional<byte[]> bytes) {}

  /**
   * @param offset the end of a line, or 0
   */
  public JournalFile(Path path, long offset) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.READ);
    position = offset;
    lineStart = offset;
  }

  /**
   * Reads the next complete lines, about {@code max} of them, oldest first; empty if there is none
   * yet.
   */
  public List<Line> read(int max) throws IOException {
    List<Line> lines = new ArrayList<>();
    while (lines.size() < max) {
      int count = file.read(block.clear(), position);
      if (count <= 0) {
        break;
      }
      split(count, lines);
      position += count;
    }
    return lines;
  }

  /** Returns the offset up to which the file was read. */
  public long position() {
    return position;
  }

  /** Returns whether the file ends in the middle of a line, as far as it was read. */
  public boolean endsInsideALine() {
    return position > lineStart;
  }

  private void split(int count, List<Line> lines) {
    byte[] bytes = block.array();
    int from = 0;
    for (int at = 0; at < count; at++) {
      if (bytes[at] == '\n') {
        append(bytes, from, at, position + at + 1 - lineStart);
        lines.add(completeLine(position + at + 1));
        from = at + 1;
      }
    }
    append(bytes, from, count, position + count - lineStart);
  }

  private void append(byte[] bytes, int from, int to, long length) {
    if (length <= LINE_BYTES_MAX) {
      partial.write(bytes, from, to - from);
    } else if (partial.size() > 0) {
      partial = new ByteArrayOutputStream(); // frees the memory
    }
  }

  private Line completeLine(long endOffset) {
    boolean giant = endOffset - lineStart > LINE_BYTES_MAX;
    Line line =
        new Line(
            lineStart, endOffset, giant ? Optional.empty() : Optional.of(partial.toByteArray()));
    partial = new ByteArrayOutputStream();
    lineStart = endOffset;
    return line;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
