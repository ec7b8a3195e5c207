package io.agentledger.command.report.render;

import static io.agentledger.command.report.render.DisplayText.wellFormed;

import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportHead;
import io.agentledger.command.report.document.ReportSection;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes a report as JSON for programs: times in UTC, decimal numbers as strings, images in base64,
 * text unchanged except for unpaired surrogates.
 */
final class JsonReportRenderer implements ReportRenderer {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .build();

  private final JsonGenerator json;
  private boolean inSection;

  JsonReportRenderer(OutputStream out) {
    json = FACTORY.createGenerator(ObjectWriteContext.empty(), out);
  }

  @Override
  public void start(ReportHead head) throws IOException {
    write(
        () -> {
          json.writeStartObject();
          text("title", head.title());
          text("subject", head.subject());
          text("created_at", head.createdAt().toString());
          text("time_zone", head.zone().getId());
          writeFacts(head.factsWithBranding());
          json.writeArrayPropertyStart("sections");
        });
  }

  @Override
  public void section(ReportSection section) throws IOException {
    DisplayText.checkInterrupt();
    write(
        () -> {
          endSection();
          json.writeStartObject();
          json.writeNumberProperty("level", section.level());
          text("title", section.title());
          json.writeArrayPropertyStart("blocks");
          inSection = true;
        });
  }

  @Override
  public void block(ReportBlock block) throws IOException {
    if (!inSection) section(new ReportSection(1, ""));
    write(() -> writeBlock(block));
  }

  @Override
  public void finish() throws IOException {
    DisplayText.checkInterrupt();
    write(
        () -> {
          endSection();
          json.writeEndArray();
          json.writeEndObject();
          json.flush();
        });
  }

  @Override
  public void close() throws IOException {
    write(json::close);
  }

  private void endSection() {
    if (!inSection) return;
    json.writeEndArray();
    json.writeEndObject();
    inSection = false;
  }

  private void writeBlock(ReportBlock block) throws IOException {
    DisplayText.checkInterrupt();
    json.writeStartObject();
    switch (block) {
      case ReportBlock.Markdown markdown -> {
        text("type", "markdown");
        text("text", markdown.text());
      }
      case ReportBlock.PlainText plain -> {
        text("type", "plain_text");
        text("text", plain.text());
      }
      case ReportBlock.Facts facts -> {
        text("type", "facts");
        writeFacts(facts.facts());
      }
      case ReportBlock.Table table -> writeTable(table);
      case ReportBlock.MessageCard message -> {
        text("type", "message_card");
        text("role", message.role());
        text("author", message.author());
        text("at", message.at().toString());
        writeBlocks("content", message.content());
      }
      case ReportBlock.ToolCallCard call -> {
        text("type", "tool_call_card");
        text("id", call.id());
        text("tool", call.tool());
        text("outcome", call.outcome());
        text("started_at", call.startedAt().toString());
        if (call.endedAt() != null) text("ended_at", call.endedAt().toString());
        writeBlocks("input", call.input());
        writeBlocks("output", call.output());
      }
      case ReportBlock.Code code -> {
        text("type", "code");
        text("language", code.language());
        text("text", code.text());
      }
      case ReportBlock.Diff diff -> {
        text("type", "diff");
        text("path", diff.path());
        text("patch", diff.patch());
      }
      case ReportBlock.Image image -> {
        text("type", "image");
        text("media_type", image.mediaType());
        text("description", image.description());
        json.writeName("data");
        json.writeBinary(image.bytes());
      }
    }
    json.writeEndObject();
  }

  private void writeBlocks(String name, List<ReportBlock> blocks) throws IOException {
    json.writeArrayPropertyStart(name);
    for (var block : blocks) writeBlock(block);
    json.writeEndArray();
  }

  private void writeTable(ReportBlock.Table table) throws IOException {
    text("type", "table");
    json.writeArrayPropertyStart("columns");
    for (var column : table.columns()) {
      json.writeStartObject();
      text("name", column.name());
      text("title", column.title());
      json.writeBooleanProperty("numeric", column.numeric());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("rows");
    for (var row : table.rows()) {
      DisplayText.checkInterrupt();
      json.writeStartObject();
      for (int i = 0; i < table.columns().size(); i++) {
        json.writeName(wellFormed(table.columns().get(i).name()));
        writeValue(row.get(i));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeFacts(List<Fact> facts) {
    json.writeArrayPropertyStart("facts");
    for (var fact : facts) {
      json.writeStartObject();
      text("name", fact.name());
      json.writeName("value");
      writeValue(fact.value());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeValue(@Nullable Object value) {
    switch (value) {
      case null -> json.writeNull();
      case Long number -> json.writeNumber(number);
      case Integer number -> json.writeNumber(number);
      case Boolean flag -> json.writeBoolean(flag);
      case BigDecimal number -> json.writeString(number.toPlainString());
      default -> json.writeString(wellFormed(value.toString()));
    }
  }

  private void text(String name, String value) {
    json.writeStringProperty(name, wellFormed(value));
  }

  private static void write(Writing writing) throws IOException {
    try {
      writing.run();
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  /** Calls of the generator, which hides failures of the output in exceptions of its own. */
  private interface Writing {
    void run() throws IOException;
  }
}
