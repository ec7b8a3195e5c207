package io.agentledger.command.report;

import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.ToolCallView;
import io.agentledger.api.shared.Json;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportBlock.Code;
import io.agentledger.command.report.document.ReportBlock.Diff;
import io.agentledger.command.report.document.ReportBlock.Facts;
import io.agentledger.command.report.document.ReportBlock.Image;
import io.agentledger.command.report.document.ReportBlock.Markdown;
import io.agentledger.command.report.document.ReportBlock.PlainText;
import io.agentledger.command.report.document.ReportBlock.ToolCallCard;
import io.agentledger.store.event.JsonMappers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jgit.diff.DiffAlgorithm;
import org.eclipse.jgit.diff.DiffAlgorithm.SupportedAlgorithm;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Converts content blocks of Anthropic's Messages API and tool calls into blocks of a report. */
final class TranscriptBlocks {
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final Set<String> IMAGE_TYPES =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

  private TranscriptBlocks() {}

  /** Returns what a message shows; empty for the blocks of tool calls. */
  static List<ReportBlock> of(MessageView message) {
    var block = JSON.readTree(message.block().text());
    boolean isPromptText =
        message.origin() == null && block.path("type").asString("").equals("text");
    return isPromptText // Exactly as the user typed it.
        ? List.of(new PlainText(block.path("text").asString("")))
        : contentBlock(block);
  }

  static ToolCallCard of(ToolCallView call) {
    var status = call.status();
    var output = call.output();
    return new ToolCallCard(
        call.id().value(),
        call.name(),
        outcome(status),
        call.calledAt(),
        call.returnedAt(),
        input(call),
        output == null ? List.of() : output(output));
  }

  private static String outcome(@Nullable CallStatus status) {
    return switch (status) {
      case null -> "in progress";
      case RETURNED -> "succeeded";
      default -> status.name().toLowerCase(Locale.ROOT);
    };
  }

  private static List<ReportBlock> input(ToolCallView call) {
    var blocks = new ArrayList<ReportBlock>();
    if (!call.rule().isEmpty())
      blocks.add(
          new Facts(
              List.of(new Fact(call.verdict().name().toLowerCase(Locale.ROOT), call.rule()))));
    blocks.addAll(input(call.name(), call.input()));
    return blocks;
  }

  private static List<ReportBlock> contentBlock(JsonNode block) {
    return switch (block.path("type").asString("")) {
      case "text" -> List.of(new Markdown(block.path("text").asString("")));
      case "thinking" -> List.of(new PlainText("Thinking: " + block.path("thinking").asString("")));
      case "redacted_thinking" -> List.of(new PlainText("Thinking, which the model encrypted."));
      case "image" -> List.of(image(block));
      case "document" ->
          List.of(new PlainText("Document " + block.path("title").asString("without a title")));
      case "tool_use", "tool_result", "server_tool_use" -> List.of();
      default -> block.isString() ? List.of(new Markdown(block.asString())) : List.of(code(block));
    };
  }

  static ReportBlock image(JsonNode block) {
    var source = block.path("source");
    var mediaType = source.path("media_type").asString("");
    if (IMAGE_TYPES.contains(mediaType))
      try {
        var bytes = Base64.getDecoder().decode(source.path("data").asString(""));
        return new Image(mediaType, bytes, "Image, " + mediaType);
      } catch (IllegalArgumentException e) { // Not Base64.
        return new PlainText("An image that cannot be decoded.");
      }
    return new PlainText("An image of the type " + mediaType + ".");
  }

  private static List<ReportBlock> input(String tool, Json input) {
    var json = JSON.readTree(input.text());
    var path = text(json, "file_path");
    var command = text(json, "command");
    var content = text(json, "content");
    var oldText = text(json, "old_string");
    var newText = text(json, "new_string");
    if (tool.equals("Bash") && command != null) return List.of(new Code("bash", command));
    if (path != null && oldText != null && newText != null)
      return List.of(new Diff(path, diff(oldText, newText)));
    if (tool.equals("Write") && path != null && content != null)
      return List.of(new PlainText(path), new Code(extension(path), content));
    return List.of(code(json));
  }

  private static List<ReportBlock> output(Json output) {
    var json = JSON.readTree(output.text());
    if (json.isString()) return List.of(new Code("", json.asString()));
    if (!json.isArray()) return List.of(code(json));
    var blocks = new ArrayList<ReportBlock>();
    for (var part : json)
      if (part.path("type").asString("").equals("text"))
        blocks.add(new Code("", part.path("text").asString("")));
      else blocks.addAll(contentBlock(part));
    return blocks;
  }

  private static Code code(JsonNode json) {
    return new Code("json", JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
  }

  private static @Nullable String text(JsonNode json, String field) {
    return json.path(field).isString() ? json.path(field).asString() : null;
  }

  private static String extension(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('.')) + 1);
  }

  /** Returns the hunks of a unified diff. */
  private static String diff(String before, String after) {
    var old = new RawText(before.getBytes(StandardCharsets.UTF_8));
    var changed = new RawText(after.getBytes(StandardCharsets.UTF_8));
    var edits =
        DiffAlgorithm.getAlgorithm(SupportedAlgorithm.HISTOGRAM)
            .diff(RawTextComparator.DEFAULT, old, changed);
    var out = new ByteArrayOutputStream();
    try (var formatter = new DiffFormatter(out)) {
      formatter.format(edits, old, changed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
