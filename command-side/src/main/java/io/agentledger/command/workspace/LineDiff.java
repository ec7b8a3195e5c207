package io.agentledger.command.workspace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/**
 * Line-based difference of two texts, as Git computes it.
 *
 * @param unified hunks without a header
 */
record LineDiff(long added, long removed, String unified) {
  /** Compares two texts; empty if one of them is not text. */
  static Optional<LineDiff> between(byte[] before, byte[] after) {
    if (RawText.isBinary(before) || RawText.isBinary(after)) return Optional.empty();
    var oldText = new RawText(before);
    var newText = new RawText(after);
    var edits = new HistogramDiff().diff(RawTextComparator.DEFAULT, oldText, newText);
    long added = edits.stream().mapToLong(Edit::getLengthB).sum();
    long removed = edits.stream().mapToLong(Edit::getLengthA).sum();
    return Optional.of(new LineDiff(added, removed, unified(edits, oldText, newText)));
  }

  private static String unified(EditList edits, RawText oldText, RawText newText) {
    var out = new ByteArrayOutputStream();
    try (var formatter = new DiffFormatter(out)) {
      formatter.format(edits, oldText, newText);
      formatter.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
