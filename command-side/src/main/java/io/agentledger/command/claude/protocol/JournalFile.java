package io.agentledger.command.claude.protocol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a CLI's append-only output by byte offset, whole lines only. Not for two threads at once.
 */
public final class JournalFile implements AutoCloseable {
  /** A longer line is not held in memory: it is handed on as a region of the file. */
  public static final int LINE_BYTES_MAX = 8 << 20;

  private static final int BLOCK_BYTES = 1 << 16;

  private final FileChannel file;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
  private ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private long position;
  private long lineStart;

  /**
   * A line that is whole.
   *
   * @param start offset of its first byte
   * @param end offset after its newline: where a reader that has recorded it goes on
   * @param bytes without the newline; empty for a giant
   */
  public record Line(long start, long end, Optional<byte[]> bytes) {}

  /**
   * @param offset the end of a line, or 0
   */
  public JournalFile(Path path, long offset) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.READ);
    position = offset;
    lineStart = offset;
  }

  /**
   * The next whole lines that are there now, about {@code max} of them, oldest first; empty when
   * there is none yet.
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

  private void split(int count, List<Line> lines) {
    byte[] bytes = block.array();
    int from = 0;
    for (int at = 0; at < count; at++) {
      if (bytes[at] == '\n') {
        append(bytes, from, at, position + at + 1 - lineStart);
        lines.add(finished(position + at + 1));
        from = at + 1;
      }
    }
    append(bytes, from, count, position + count - lineStart);
  }

  private void append(byte[] bytes, int from, int to, long length) {
    if (length <= LINE_BYTES_MAX) {
      partial.write(bytes, from, to - from);
    } else if (partial.size() > 0) {
      partial = new ByteArrayOutputStream(); // gives the memory back
    }
  }

  private Line finished(long end) {
    boolean giant = end - lineStart > LINE_BYTES_MAX;
    Line line =
        new Line(lineStart, end, giant ? Optional.empty() : Optional.of(partial.toByteArray()));
    partial = new ByteArrayOutputStream();
    lineStart = end;
    return line;
  }

  /** The bytes of a line, read from the file as they are wanted. */
  InputStream region(Line line) {
    return new Region(file, line.start(), line.end());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static final class Region extends InputStream {
    private final FileChannel file;
    private final long end;
    private long at;

    Region(FileChannel file, long start, long end) {
      this.file = file;
      this.at = start;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int wanted = (int) Math.min(length, end - at);
      int count = wanted <= 0 ? -1 : file.read(ByteBuffer.wrap(into, offset, wanted), at);
      at += Math.max(0, count);
      return count <= 0 ? -1 : count;
    }
  }
}
