package io.agentledger.client.cli;

import io.agentledger.api.session.stream.StreamItem.Message;
import io.agentledger.api.session.stream.StreamItem.Partial;
import io.agentledger.api.shared.Json;
import io.agentledger.client.support.ClientJson;
import java.util.HashMap;
import java.util.Map;

/**
 * Prints text and thinking of the agent once: text that transient events have shown is not repeated
 * when the recorded event arrives; text that they missed is printed then.
 */
final class MessageBlockPrinter {
  private final ConsoleOutput output;
  private final MarkdownStream markdown;
  private final Map<String, StringBuilder> printed = new HashMap<>();
  private String openBlock = "";
  private String lastText = "";

  MessageBlockPrinter(ConsoleOutput output) {
    this.output = output;
    this.markdown = new MarkdownStream(output);
  }

  /** Returns whether a text is being printed that may continue. */
  boolean isOpen() {
    return !openBlock.isEmpty();
  }

  /** Returns the last complete text of the agent. */
  String lastText() {
    return lastText;
  }

  void printPartial(Partial partial) {
    if (!partial.blockType().equals("text") && !partial.blockType().equals("thinking")) return;
    if (partial.phase() != Partial.Phase.DELTA) return;
    append(partial.messageId() + "/" + partial.blockIndex(), partial.blockType(), partial.text());
  }

  void printMessage(Message message) {
    var block = ClientJson.MAPPER.readTree(message.block().text());
    var blockType = block.path("type").asString("");
    if (!blockType.equals("text") && !blockType.equals("thinking")) return;
    var text = block.path(blockType).asString("");
    var name = message.messageId() + "/" + message.blockIndex();
    var printedText = printed.remove(name);
    if (printedText == null || !text.startsWith(printedText.toString())) {
      endBlock();
      append(name, blockType, text);
    } else append(name, blockType, text.substring(printedText.length()));
    printed.remove(name);
    // The event may arrive while the next block is being printed; that block continues.
    if (openBlock.equals(name)) endBlock();
    if (blockType.equals("text")) lastText = text.strip();
  }

  /** Ends the block; later output does not belong to it. */
  void endBlock() {
    if (!openBlock.isEmpty()) markdown.end();
    openBlock = "";
  }

  private void append(String name, String blockType, String text) {
    if (text.isEmpty()) return;
    var thinking = blockType.equals("thinking");
    var style = thinking ? TextStyle.DIM : TextStyle.PLAIN;
    var prefix = "";
    if (!openBlock.equals(name)) {
      markdown.end();
      if (thinking && !printed.containsKey(name)) prefix = "(thinking) ";
    }
    openBlock = name;
    printed.computeIfAbsent(name, first -> new StringBuilder()).append(text);
    if (output.isTerminal()) markdown.append(prefix + text, style.attributes());
    else output.print(style, prefix + text);
  }

  static boolean isText(Json block) {
    return ClientJson.MAPPER.readTree(block.text()).path("type").asString("").equals("text");
  }
}
