package io.agentledger.command.report.render;

import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportHead;
import io.agentledger.command.report.document.ReportSection;
import java.io.Closeable;
import java.io.IOException;

/**
 * Writes one report as a file, block by block, in bounded memory. Call {@link #start} once, then
 * sections and blocks in reading order, then {@link #finish}. An interrupt of the thread ends it
 * with an {@link java.io.InterruptedIOException} within a second. Not thread-safe.
 */
public interface ReportRenderer extends Closeable {
  void start(ReportHead head) throws IOException;

  void section(ReportSection section) throws IOException;

  void block(ReportBlock block) throws IOException;

  /** Completes the file. Without it, the file is incomplete. */
  void finish() throws IOException;

  /** Releases resources; does not complete the file. */
  @Override
  void close() throws IOException;
}
