package io.agentledger.command.workspace.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Stream of an archive; a read error means that the archive is broken. The size of headers is
 * bounded, because readers keep them in memory.
 */
final class BoundedArchiveStream extends FilterInputStream {
  private long remaining = Long.MAX_VALUE;

  BoundedArchiveStream(InputStream in) {
    super(in);
  }

  /** Sets the number of bytes that may be read from here on. */
  void bound(long bytes) {
    remaining = bytes;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    try {
      int n = super.read(to, offset, length);
      if (n > 0) consume(n);
      return n;
    } catch (BrokenArchiveException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new BrokenArchiveException(e);
    }
  }

  private void consume(long bytes) throws BrokenArchiveException {
    remaining -= bytes;
    if (remaining < 0) throw new BrokenArchiveException("its headers are too long");
  }

  /** Skips by reading, so that skipped bytes count. */
  @Override
  public long skip(long bytes) throws IOException {
    var passed = new byte[(int) Math.clamp(bytes, 0L, 8192L)];
    return Math.max(0, read(passed, 0, passed.length));
  }
}
