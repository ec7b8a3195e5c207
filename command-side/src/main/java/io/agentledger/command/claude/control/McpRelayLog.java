package io.agentledger.command.claude.control;

import io.agentledger.command.claude.protocol.ClaudeMessage.McpMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.store.DurableFiles;
import io.agentledger.store.support.UntrustedJson;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Log of the CLI's messages to MCP servers and of the responses, in a file next to the journal. It
 * is written before a message is relayed, so that a supervisor that takes over knows which calls
 * may have been executed and never repeats them. Confined to one thread.
 */
final class McpRelayLog {
  private static final String FILE = "relay";
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final Path file;
  private final Map<String, McpMessage> open = new LinkedHashMap<>();

  /**
   * Messages of the process's whole life, because a supervisor that takes over reads parts of the
   * journal again.
   */
  private final Set<String> known = new HashSet<>();

  McpRelayLog(Path directory) {
    this.file = directory.resolve(FILE);
  }

  /** Returns the messages that were received before a restart and not answered, oldest first. */
  List<McpMessage> readUnanswered() throws IOException {
    if (!Files.exists(file)) return List.of();
    for (String line : Files.readAllLines(file)) {
      try {
        replay(JSON.readTree(line));
      } catch (JacksonException truncated) {
        // An incomplete last line was written by a service that was killed before it relayed the
        // message.
      }
    }
    return List.copyOf(open.values());
  }

  private void replay(JsonNode line) {
    String requestId = ClaudeParser.text(line, "request_id");
    if (requestId.isEmpty()) {
      open.remove(ClaudeParser.text(line, "answered"));
    } else {
      known.add(requestId);
      open.put(
          requestId,
          new McpMessage(requestId, ClaudeParser.text(line, "server"), line.path("message")));
    }
  }

  /**
   * Records a received message.
   *
   * @return false if it was recorded before
   */
  boolean recordRequest(McpMessage message) throws IOException {
    if (!known.add(message.requestId())) return false;
    open.put(message.requestId(), message);
    write(
        Map.of(
            "request_id",
            message.requestId(),
            "server",
            message.server(),
            "message",
            message.message()));
    return true;
  }

  void recordAnswer(String requestId) throws IOException {
    if (open.remove(requestId) != null) write(Map.of("answered", requestId));
  }

  private void write(Map<String, Object> fields) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      DurableFiles.appendLine(channel, JSON.writeValueAsBytes(fields));
    }
  }
}
