package io.agentledger.command.model.usage;

import io.agentledger.command.model.usage.ModelExchange.Phase;
import io.agentledger.store.DurableFiles;
import io.agentledger.store.support.UntrustedJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * File next to a process that stores the usage of its exchanges. It contains one JSON object per
 * line, each appended in one write, so that a killed service loses no line: an exchange begins with
 * {@code start} and ends with {@code final} or {@code cut}; each tool call of the model adds {@code
 * tool_call}, and its result {@code tool_return}. Each line is written before the bytes that it
 * describes are forwarded, so that the ids of messages and tool calls are known after a kill.
 * Opening the file closes the exchanges that a killed service left open. Only the service can
 * access the file (mode 600).
 */
public final class UsageFile implements AutoCloseable {
  private static final int PAGE_BYTES = 1 << 20;
  private static final String TOOL_CALL_PHASE = "tool_call";
  private static final String TOOL_RETURN_PHASE = "tool_return";
  private static final JsonMapper JSON =
      JsonMapper.builder(UntrustedJson.factory().build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private final FileChannel file;

  private UsageFile(FileChannel file) {
    this.file = file;
  }

  /** Opens or creates the file, and ends exchanges that a killed service left open as cut. */
  public static UsageFile open(Path path, Clock clock) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(path, options, owner)) {
      completeLastLine(channel);
    }
    var usage = new UsageFile(FileChannel.open(path, StandardOpenOption.APPEND));
    for (ModelExchange open : openExchanges(path)) {
      usage.append(open.cut(clock.instant(), open.usage(), open.cost()));
    }
    return usage;
  }

  /**
   * Completes a partial last line, which a machine that lost power can leave, so that the next line
   * is not appended to it.
   */
  private static void completeLastLine(FileChannel channel) throws IOException {
    long size = channel.size();
    if (size == 0) return;
    ByteBuffer last = ByteBuffer.allocate(1);
    channel.read(last, size - 1);
    if (last.get(0) != '\n') channel.write(ByteBuffer.wrap(new byte[] {'\n'}), size);
  }

  private static Iterable<ModelExchange> openExchanges(Path path) throws IOException {
    Map<String, ModelExchange> open = new LinkedHashMap<>();
    for (Entry entry : readAll(path)) {
      ModelExchange exchange = entry.exchange();
      if (exchange != null) {
        if (exchange.phase() == Phase.START) open.put(exchange.exchangeId(), exchange);
        else open.remove(exchange.exchangeId());
      }
    }
    return open.values();
  }

  private static List<Entry> readAll(Path path) throws IOException {
    List<Entry> all = new ArrayList<>();
    long offset = 0;
    while (true) {
      Page page = readPage(path, offset);
      all.addAll(page.entries());
      if (page.endOffset() == offset) return all;
      offset = page.endOffset();
    }
  }

  /** Ends the open exchanges of a process that has ended. */
  public static void closeOpenExchanges(Path path, Clock clock) throws IOException {
    if (Files.exists(path)) open(path, clock).close();
  }

  /** Receives the messages and tool calls in the file, oldest first. */
  interface PassedIdsListener {
    void onMessage(String messageId);

    void onToolCall(RequestedToolCall toolCall);

    void onReturn(ReturnedToolCall returned);
  }

  /** Reads the messages and tool calls that were forwarded, oldest first. */
  static void readPassed(Path path, PassedIdsListener listener) {
    if (!Files.exists(path)) return;
    try {
      long offset = 0;
      for (Page page = readPage(path, offset);
          page.endOffset() > offset;
          page = readPage(path, offset)) {
        for (Entry entry : page.entries()) {
          ModelExchange exchange = entry.exchange();
          RequestedToolCall toolCall = entry.toolCall();
          ReturnedToolCall returned = entry.returned();
          if (exchange != null) listener.onMessage(exchange.messageId());
          if (toolCall != null) listener.onToolCall(toolCall);
          if (returned != null) listener.onReturn(returned);
        }
        offset = page.endOffset();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a page of the exchanges that ended at or after {@code from}, each with the offset at
   * which reading continues. Call again with {@link EndedPage#endOffset()} until it no longer
   * changes. An unreadable line is counted, not hidden.
   */
  public static EndedPage read(Path path, long from) throws IOException {
    if (!Files.exists(path)) return new EndedPage(List.of(), from, 0);
    Page page = readPage(path, from);
    List<Ended> ended = new ArrayList<>();
    int unreadable = 0;
    for (Entry entry : page.entries()) {
      ModelExchange exchange = entry.exchange();
      if (exchange != null) {
        if (exchange.phase() != Phase.START) ended.add(new Ended(exchange, entry.endOffset()));
      } else if (entry.toolCall() == null && entry.returned() == null) {
        unreadable++;
      }
    }
    return new EndedPage(List.copyOf(ended), page.endOffset(), unreadable);
  }

  private static Page readPage(Path path, long from) throws IOException {
    ByteBuffer buffer;
    try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
      int size = (int) Math.max(0, Math.min(PAGE_BYTES, in.size() - from));
      buffer = ByteBuffer.allocate(size);
      int count = 0;
      while (count >= 0 && buffer.hasRemaining()) count = in.read(buffer, from + buffer.position());
    }
    byte[] bytes = buffer.array();
    List<Entry> entries = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < buffer.position(); i++) {
      if (bytes[i] != '\n') continue;
      if (i > start) {
        entries.add(
            parseEntry(new String(bytes, start, i - start, StandardCharsets.UTF_8), from + i + 1));
      }
      start = i + 1;
    }
    return new Page(entries, from + start);
  }

  private static Entry parseEntry(String line, long endOffset) {
    try {
      JsonNode node = JSON.readTree(line);
      return switch (node.path("phase").asString("")) {
        case TOOL_CALL_PHASE ->
            new Entry(null, parseWithoutPhase(node, RequestedToolCall.class), null, endOffset);
        case TOOL_RETURN_PHASE ->
            new Entry(null, null, parseWithoutPhase(node, ReturnedToolCall.class), endOffset);
        default -> new Entry(JSON.treeToValue(node, ModelExchange.class), null, null, endOffset);
      };
    } catch (JacksonException | ClassCastException unreadable) {
      return new Entry(null, null, null, endOffset);
    }
  }

  private static <T> T parseWithoutPhase(JsonNode node, Class<T> type) {
    ((ObjectNode) node).remove("phase");
    return JSON.treeToValue(node, type);
  }

  /**
   * Appends the state of an exchange; if that fails, the bytes that it describes must not be
   * forwarded.
   */
  void append(ModelExchange exchange) {
    write(JSON.writeValueAsBytes(exchange));
  }

  /** Appends a tool call that the model requested. */
  void append(RequestedToolCall tool) {
    ObjectNode node = JSON.valueToTree(tool);
    write(JSON.writeValueAsBytes(node.put("phase", TOOL_CALL_PHASE)));
  }

  /** Appends that the result of a tool call was printed. */
  void append(ReturnedToolCall returned) {
    ObjectNode node = JSON.valueToTree(returned);
    write(JSON.writeValueAsBytes(node.put("phase", TOOL_RETURN_PHASE)));
  }

  /**
   * Writes a line in one call, into the page cache, so that it survives the death of this process.
   */
  private synchronized void write(byte[] json) {
    try {
      DurableFiles.appendLine(file, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Exchange that has ended, with the offset after its line. */
  public record Ended(ModelExchange exchange, long endOffset) {}

  /**
   * Page of ended exchanges.
   *
   * @param endOffset offset at which the next page begins
   */
  public record EndedPage(List<Ended> exchanges, long endOffset, int unreadableCount) {}

  private record Entry(
      @Nullable ModelExchange exchange,
      @Nullable RequestedToolCall toolCall,
      @Nullable ReturnedToolCall returned,
      long endOffset) {}

  private record Page(List<Entry> entries, long endOffset) {}
}
