package io.agentledger.command.report.document;

/**
 * Start of a section. Blocks that follow belong to it.
 *
 * @param level 1 to 3
 * @param title plain text, untrusted
 */
public record ReportSection(int level, String title) {
  public ReportSection {
    if (level < 1 || level > 3) throw new IllegalArgumentException("level " + level);
  }
}
