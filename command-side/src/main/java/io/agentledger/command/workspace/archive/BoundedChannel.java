package io.agentledger.command.workspace.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Channel of a file of which a limited number of bytes can be read until the limit is raised. */
final class BoundedChannel implements SeekableByteChannel {
  private final SeekableByteChannel file;
  private long remaining;

  BoundedChannel(SeekableByteChannel file, long bytes) {
    this.file = file;
    this.remaining = bytes;
  }

  void removeLimit() {
    remaining = Long.MAX_VALUE;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    int n = file.read(to);
    remaining -= Math.max(0, n);
    if (remaining < 0) throw new BrokenArchiveException("its table of contents is too long");
    return n;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    throw new IOException("an archive is only read");
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public SeekableByteChannel position(long to) throws IOException {
    file.position(to);
    return this;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    throw new IOException("an archive is only read");
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
