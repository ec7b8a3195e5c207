package io.agentledger.command.report.document;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a section. All text is untrusted: renderers escape it. */
public sealed interface ReportBlock {
  /** Text in Markdown, for example of the model. Its HTML and its images are not interpreted. */
  record Markdown(String text) implements ReportBlock {}

  /** Text whose line breaks are kept. */
  record PlainText(String text) implements ReportBlock {}

  /** Named values. */
  record Facts(List<Fact> facts) implements ReportBlock {
    public Facts {
      facts = List.copyOf(facts);
    }
  }

  /**
   * Table of any length.
   *
   * @param rows iterated once for each rendering; values as in {@link Fact#value}, one for each
   *     column
   */
  record Table(List<Column> columns, Iterable<List<@Nullable Object>> rows) implements ReportBlock {
    public Table {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Column of a table.
   *
   * @param name in JSON and CSV, for example {@code cost_usd}
   * @param title for readers
   * @param numeric whether values are aligned to the right
   * @param secondary whether documents show the value below the others of its row, because a page
   *     has no room for all columns
   */
  record Column(String name, String title, boolean numeric, boolean secondary) {
    public Column(String name, String title, boolean numeric) {
      this(name, title, numeric, false);
    }

    public static Column secondary(String name, String title) {
      return new Column(name, title, false, true);
    }
  }

  /**
   * Message of a conversation.
   *
   * @param role {@code user}, {@code assistant} or {@code system}
   * @param author for readers, for example a user's name or a model
   */
  record MessageCard(String role, String author, Instant at, List<ReportBlock> content)
      implements ReportBlock {
    public MessageCard {
      content = List.copyOf(content);
    }
  }

  /**
   * Tool call with its input and its result.
   *
   * @param outcome for example {@code succeeded}, {@code failed} or {@code denied}
   * @param endedAt null if it has not ended
   */
  record ToolCallCard(
      String id,
      String tool,
      String outcome,
      Instant startedAt,
      @Nullable Instant endedAt,
      List<ReportBlock> input,
      List<ReportBlock> output)
      implements ReportBlock {
    public ToolCallCard {
      input = List.copyOf(input);
      output = List.copyOf(output);
    }
  }

  /**
   * Source code or other preformatted text.
   *
   * @param language for example {@code java}; empty if unknown
   */
  record Code(String language, String text) implements ReportBlock {}

  /**
   * Changes of a file.
   *
   * @param patch unified diff
   */
  record Diff(String path, String patch) implements ReportBlock {}

  /**
   * Raster image.
   *
   * @param mediaType {@code image/png}, {@code image/jpeg}, {@code image/gif} or {@code image/webp}
   * @param description for readers who do not see it
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Image(String mediaType, byte[] bytes, String description) implements ReportBlock {}
}
