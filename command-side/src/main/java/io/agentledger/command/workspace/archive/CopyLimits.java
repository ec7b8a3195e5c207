package io.agentledger.command.workspace.archive;

/**
 * Limits of a directory's size. They are checked during the copy, because a directory can grow.
 *
 * @param bytesMax total size of all files
 * @param entriesMax files, directories and links
 * @param depthMax nesting of directories; each level needs a descriptor during the copy
 */
public record CopyLimits(long bytesMax, long entriesMax, int depthMax) {
  private static final int ENTRIES_MAX = 200_000;
  private static final int DEPTH_MAX = 200;
  private static final long BYTES_PER_MIB = 1024L * 1024;

  public static CopyLimits ofMib(long mibMax) {
    return new CopyLimits(Math.multiplyExact(mibMax, BYTES_PER_MIB), ENTRIES_MAX, DEPTH_MAX);
  }

  public long mibMax() {
    return bytesMax / BYTES_PER_MIB;
  }
}
