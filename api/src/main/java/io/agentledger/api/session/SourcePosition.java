package io.agentledger.api.session;

/**
 * Position at which a fact was read, by which recording is idempotent. An end that is not above the
 * last one of its process and source is known already; a lower epoch is rejected.
 *
 * @param epoch of the lease under which it was recorded
 * @param endOffset byte offset behind the line in the source
 */
public record SourcePosition(ProcessId processId, long epoch, Source source, long endOffset) {
  /** The files of a process that facts are read from. */
  public enum Source {
    /** What the CLI prints. */
    JOURNAL,
    /** What the model gateway counted. */
    USAGE,
    /** No file: what the runner itself found out; never dropped as known. */
    RUNNER
  }
}
