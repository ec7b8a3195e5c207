package io.agentledger.command.mcp.connection;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpServerSnapshot;
import io.agentledger.store.event.JsonMappers;
import io.agentledger.store.support.UntrustedJson;
import io.modelcontextprotocol.spec.McpSchema;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds the snapshot of a checked server. The digest covers everything that a model is told and
 * how the server is reached, in one canonical form.
 */
final class McpSnapshotBuilder {
  private static final int TOOL_BYTES_MAX = 64 * 1024;
  private static final int TEXT_LENGTH_MAX = 8_000;
  private static final int NAME_LENGTH_MAX = 128;
  private static final int RESOURCES_MAX = 100;

  /** Mapper with sorted properties and keys, so that equal content has equal digests. */
  private static final JsonMapper CANONICAL = canonical();

  private McpSnapshotBuilder() {}

  private static JsonMapper canonical() {
    var json = JsonMapper.builder(UntrustedJson.factory().build());
    JsonMappers.configureStored(json);
    return json.enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .build();
  }

  static McpServerSnapshot build(
      McpConnection connection,
      McpSchema.InitializeResult initializeResult,
      List<McpSchema.Tool> offeredTools,
      List<McpSchema.Resource> resources) {
    var tools = new ArrayList<McpServerSnapshot.Tool>();
    offeredTools.stream()
        .sorted(Comparator.comparing(McpSchema.Tool::name))
        .forEach(tool -> tools.add(tool(tool)));
    var instructions = requireValidText("its instructions", initializeResult.instructions());
    var all =
        Map.of(
            "connection",
            CANONICAL.writerFor(McpConnection.class).writeValueAsString(connection),
            "instructions",
            instructions,
            "tools",
            tools.stream().map(McpServerSnapshot.Tool::digest).toList());
    return new McpServerSnapshot(
        digest(CANONICAL.writeValueAsBytes(all)),
        sanitized(initializeResult.serverInfo().name())
            + " "
            + sanitized(initializeResult.serverInfo().version()),
        instructions,
        tools,
        resources.stream()
            .limit(RESOURCES_MAX)
            .map(
                resource ->
                    new McpServerSnapshot.Resource(
                        sanitized(resource.uri()), sanitized(resource.name())))
            .toList());
  }

  private static McpServerSnapshot.Tool tool(McpSchema.Tool tool) {
    if (!tool.name().matches("[A-Za-z0-9_.-]{1,128}"))
      throw new McpConnectionException("it offers a tool with an invalid name");
    byte[] whole = CANONICAL.writeValueAsBytes(tool);
    if (whole.length > TOOL_BYTES_MAX)
      throw new McpConnectionException("its tool " + tool.name() + " is larger than 64 KiB");
    return new McpServerSnapshot.Tool(
        tool.name(),
        requireValidText("its tool " + tool.name(), tool.description()),
        digest(whole));
  }

  /**
   * Rejects a text that is too long instead of truncating it, because the approving admin must see
   * all of it.
   */
  private static String requireValidText(String subject, @Nullable String text) {
    var value = Objects.requireNonNullElse(text, "");
    if (value.length() > TEXT_LENGTH_MAX)
      throw new McpConnectionException(
          subject + ": the text exceeds " + TEXT_LENGTH_MAX + " characters");
    return value;
  }

  private static String sanitized(@Nullable String name) {
    var value = Objects.requireNonNullElse(name, "").replaceAll("\\p{Cntrl}", "?");
    return value.length() <= NAME_LENGTH_MAX ? value : value.substring(0, NAME_LENGTH_MAX);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
