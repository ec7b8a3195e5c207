package io.agentledger.command.workspace;

import io.agentledger.api.workspace.WorkspaceFiles.ArchiveWriter;
import io.agentledger.command.support.FairExecutor;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Executor;

/**
 * Archive of a workspace, packed while its client reads it. A client that does not read occupies no
 * slot of the executor.
 */
record WorkspaceArchive(TarGzPacker packer, Executor executor) implements ArchiveWriter {
  @Override
  public void writeTo(OutputStream out) throws IOException {
    packer.writeTo(new YieldingStream(out));
  }

  /** Stream whose writes may wait for the client, without a slot of the executor. */
  private static final class YieldingStream extends FilterOutputStream {
    YieldingStream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int octet) throws IOException {
      FairExecutor.yieldWhile(() -> out.write(octet));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      FairExecutor.yieldWhile(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
      FairExecutor.yieldWhile(out::flush);
    }
  }
}
