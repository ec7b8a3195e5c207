package io.agentledger.client.cli;

import io.agentledger.api.session.stream.StreamItem.Message;
import io.agentledger.api.session.stream.StreamItem.Partial;
import io.agentledger.api.shared.Json;
import io.agentledger.client.support.ClientJson;
import java.util.HashMap;
import java.util.Map;

/**
 * Text and thinking of the agent, as it comes and as it is recorded: each once. What frames have
 * shown is not shown again when its fact arrives; what they missed is.
 */
final class MessageBlockPrinter {
  private final ConsoleOutput consoleOutput;
  private final Map<String, StringBuilder> shown = new HashMap<>();
  private String open = "";
  private String lastText = "";

  MessageBlockPrinter(ConsoleOutput consoleOutput) {
    this.consoleOutput = consoleOutput;
  }

  /** The last text of the agent that was shown whole. */
  String lastText() {
    return lastText;
  }

  void partial(Partial piece) {
    if (!piece.kind().equals("text") && !piece.kind().equals("thinking")) return;
    if (piece.phase() != Partial.Phase.DELTA) return;
    append(piece.messageId() + "/" + piece.blockIndex(), piece.kind(), piece.text());
  }

  void message(Message message) {
    var block = ClientJson.MAPPER.readTree(message.block().text());
    var kind = block.path("type").asString("");
    if (!kind.equals("text") && !kind.equals("thinking")) return;
    var text = block.path(kind).asString("");
    var name = message.messageId() + "/" + message.blockIndex();
    var seen = shown.remove(name);
    if (seen == null || !text.startsWith(seen.toString())) {
      close();
      append(name, kind, text);
    } else append(name, kind, text.substring(seen.length()));
    shown.remove(name);
    // A fact may come when the next block is being written already: that one goes on.
    if (open.equals(name)) close();
    if (kind.equals("text")) lastText = text.strip();
  }

  /** Whatever comes next is not part of the text. */
  void close() {
    if (!open.isEmpty()) consoleOutput.fresh();
    open = "";
  }

  private void append(String name, String kind, String text) {
    if (text.isEmpty()) return;
    var thinking = kind.equals("thinking");
    if (!open.equals(name)) {
      consoleOutput.fresh();
      if (thinking && !shown.containsKey(name)) consoleOutput.text(TextStyle.DIM, "(thinking) ");
    }
    open = name;
    shown.computeIfAbsent(name, first -> new StringBuilder()).append(text);
    consoleOutput.text(thinking ? TextStyle.DIM : TextStyle.PLAIN, text);
  }

  static boolean isText(Json block) {
    return ClientJson.MAPPER.readTree(block.text()).path("type").asString("").equals("text");
  }
}
