package io.agentledger.api.report;

/**
 * File of a completed report in the content store, where it is sealed.
 *
 * @param name SHA-256 of the ciphertext in hex
 * @param bytes size of the file itself
 * @param sha256 of the file itself, in hex
 */
public record ReportFile(String name, long bytes, String sha256) {
  /** Purpose for which the file is sealed. */
  public static final String PURPOSE = "report";

  /** Largest file. */
  public static final int BYTES_MAX = 64 * 1024 * 1024;
}
