package io.agentledger.api.session;

/**
 * Position from which an event was read; it makes recording idempotent. An end that is not above
 * the last one of its process and source has been recorded already; a lower epoch is rejected.
 *
 * @param epoch epoch of the lease under which the event was recorded
 * @param endOffset byte offset behind the line in the source
 */
public record SourcePosition(ProcessId processId, long epoch, Source source, long endOffset) {
  /** Source of events of a process. */
  public enum Source {
    /** Output of the CLI. */
    JOURNAL,
    /** Exchanges that the model gateway counted. */
    USAGE,
    /** Findings of the runner itself, without a file; never skipped as already recorded. */
    RUNNER
  }
}
