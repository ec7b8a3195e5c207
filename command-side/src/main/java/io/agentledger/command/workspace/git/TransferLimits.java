package io.agentledger.command.workspace.git;

/**
 * Limits of the bytes of a transfer.
 *
 * @param receivedBytesMax of all responses together
 * @param requestBytesMax of each request's body, which is kept in memory
 */
public record TransferLimits(long receivedBytesMax, long requestBytesMax) {
  /** Body of a request that only names what it wants and has. */
  static final long FETCH_REQUEST = 16L * 1024 * 1024;
}
