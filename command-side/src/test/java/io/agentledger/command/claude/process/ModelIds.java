package io.agentledger.command.claude.process;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ids of a message and of its tool call. {@link FakeCli} gets them from an exchange over the
 * model's socket, as the real CLI does, so that the gateway has passed them on.
 */
public record ModelIds(String message, String toolCall) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern MESSAGE = Pattern.compile("\"id\":\"(msg_[^\"]+)\"");
  private static final Pattern TOOL_CALL = Pattern.compile("\"id\":\"(toolu_[^\"]+)\"");

  /** Requests a tool call if the script has one, otherwise text. */
  static ModelIds request(PromptScript script) throws IOException {
    boolean isCall = List.of("use", "task", "forge", "afterwards").contains(script.verb());
    Map<String, Object> step = new HashMap<>();
    step.put("pace", Map.of("first", "0ms", "pause", "0ms", "size", 4000));
    if (isCall) {
      var call = Map.of("tool", "Bash", "input", Map.of("command", "true"));
      step.put("calls", List.of(call));
    } else {
      step.put("say", "something");
    }
    String prompt =
        "%s\n```rehearsal\n%s\n```\n"
            .formatted(
                isCall
                    ? PromptScript.useCommand("Bash", "{}")
                    : PromptScript.sayCommand("something"),
                JSON.writeValueAsString(List.of(step)));
    String body =
        JSON.writeValueAsString(
            Map.of(
                "model",
                "claude-opus-4-8",
                "stream",
                true,
                "max_tokens",
                1000,
                "tools",
                List.of(Map.of("name", "Bash", "input_schema", Map.of("type", "object"))),
                "messages",
                List.of(Map.of("role", "user", "content", prompt))));
    String reply = send(body);
    return new ModelIds(find(MESSAGE, reply), isCall ? find(TOOL_CALL, reply) : "");
  }

  private static String send(String body) throws IOException {
    var address = UnixDomainSocketAddress.of(System.getenv("ANTHROPIC_UNIX_SOCKET"));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /v1/messages HTTP/1.1\r\nHost: model\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n";
    try (SocketChannel channel = SocketChannel.open(address)) {
      channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8)));
      channel.write(ByteBuffer.wrap(bytes));
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Returns the ids of the last message and tool call in a text, as a reader of the text finds
   * them.
   */
  public static ModelIds findLast(String text) {
    return new ModelIds(
        MESSAGE.matcher(text).results().map(found -> found.group(1)).reduce("", (a, b) -> b),
        TOOL_CALL.matcher(text).results().map(found -> found.group(1)).reduce("", (a, b) -> b));
  }

  private static String find(Pattern pattern, String reply) {
    Matcher matcher = pattern.matcher(reply);
    if (!matcher.find()) throw new IllegalStateException(reply);
    return matcher.group(1);
  }
}
