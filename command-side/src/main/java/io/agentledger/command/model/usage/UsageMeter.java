package io.agentledger.command.model.usage;

import io.agentledger.api.shared.Money;
import io.agentledger.store.support.UntrustedJson;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Counts one exchange while its response is streamed, and stores usage and ids before the bytes
 * that contain them are forwarded. A line longer than 64 KiB contains no usage and is not parsed.
 * Used by one stream at a time.
 */
public final class UsageMeter implements AutoCloseable {
  private static final int LINE_BYTES_MAX = 1 << 16;
  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final ModelExchange template;
  private final UsageFile file;
  private final PassedIds passedIds;
  private final Config config;
  private byte[] line = new byte[1024];
  private int length;
  private boolean tooLong;
  private @Nullable ModelExchange open;
  private TokenUsage usage = TokenUsage.NONE;
  private long outputCharacters;
  private boolean ended;
  private Money paid = Money.ZERO;

  /** Prices, clock, and listener for the ends of exchanges. */
  public record Config(Prices prices, Clock clock, Consumer<ModelExchange> onExchangeEnded) {
    public Config(Prices prices, Clock clock) {
      this(prices, clock, exchange -> {});
    }
  }

  /**
   * Creates a meter for an exchange.
   *
   * @param template exchange with its ids; model, message and numbers are read from the response
   */
  public UsageMeter(ModelExchange template, UsageFile file, Config config, PassedIds passedIds) {
    this.template = template;
    this.file = file;
    this.config = config;
    this.passedIds = passedIds;
  }

  /** Reads a chunk of an event stream without consuming it. */
  public void read(ByteBuf chunk) {
    int from = chunk.readerIndex();
    int to = chunk.writerIndex();
    while (from < to) {
      int newline = chunk.indexOf(from, to, (byte) '\n');
      int end = newline < 0 ? to : newline;
      append(chunk, from, end - from);
      if (newline < 0) return;
      if (!tooLong) parseLine();
      tooLong = false;
      length = 0;
      from = newline + 1;
    }
  }

  private void append(ByteBuf chunk, int from, int count) {
    if (tooLong) return;
    if (length + count > LINE_BYTES_MAX) {
      tooLong = true;
      return;
    }
    if (length + count > line.length) {
      line =
          Arrays.copyOf(line, Math.min(LINE_BYTES_MAX, Math.max(line.length * 2, length + count)));
    }
    chunk.getBytes(from, line, length, count);
    length += count;
  }

  private void parseLine() {
    String text = new String(line, 0, length, StandardCharsets.UTF_8);
    if (!text.startsWith("data:")) return;
    try {
      handleEvent(JSON.readTree(text.substring("data:".length())));
    } catch (JacksonException notJson) {
      return; // A line that is not JSON contains no usage; the CLI handles it.
    }
  }

  private void handleEvent(JsonNode event) {
    switch (event.path("type").asString("")) {
      case "message_start" -> start(event.path("message"));
      case "content_block_start" -> block(event.path("content_block"));
      case "content_block_delta" -> delta(event.path("delta"));
      case "message_delta" -> {
        usage = usage.updatedBy(event.path("usage"));
        end(event.path("delta").path("stop_reason").asString(""));
      }
      default -> {}
    }
  }

  private void start(JsonNode message) {
    if (open != null) return;
    usage = usage.updatedBy(message.path("usage"));
    ModelExchange started = withModel(message);
    open = started;
    file.append(started);
    passedIds.addMessage(started.messageId());
  }

  private void block(JsonNode block) {
    if (!block.path("type").asString("").endsWith("tool_use")) return;
    var requestedToolCall =
        new RequestedToolCall(
            block.path("id").asString(""), block.path("name").asString(""), template.exchangeId());
    file.append(requestedToolCall);
    passedIds.addToolCall(requestedToolCall);
  }

  private void delta(JsonNode delta) {
    for (String field : new String[] {"text", "thinking", "partial_json"}) {
      outputCharacters += delta.path(field).asString("").length();
    }
  }

  private void end(String stopReason) {
    ModelExchange started = open;
    if (started == null || ended || stopReason.isEmpty()) return;
    ended = true;
    onExchangeEnded(started.finished(config.clock().instant(), usage, cost(started), stopReason));
  }

  /** Counts a complete response; call it before the response is forwarded. */
  public void readBody(byte[] body) {
    JsonNode message;
    try {
      message = JSON.readTree(body);
    } catch (JacksonException notJson) {
      return;
    }
    if (!"message".equals(message.path("type").asString(""))) return;
    start(message);
    for (JsonNode block : message.path("content")) block(block);
    end(message.path("stop_reason").asString("end_turn"));
  }

  private ModelExchange withModel(JsonNode message) {
    String model = message.path("model").asString(template.model());
    return new ModelExchange(
        template.phase(),
        template.exchangeId(),
        template.sessionId(),
        template.runId(),
        template.processId(),
        template.upstream(),
        template.simulated(),
        model,
        message.path("id").asString(""),
        template.startedAt(),
        config.clock().instant(),
        usage,
        config.prices().cost(model, usage),
        false,
        "");
  }

  private Cost cost(ModelExchange exchange) {
    return config.prices().cost(exchange.model(), usage);
  }

  /**
   * Ends the exchange. If the model has begun its response and not finished it, the exchange is
   * cut: its output is billed, so it is estimated from its length.
   */
  @Override
  public void close() {
    ModelExchange started = open;
    if (started == null || ended) return;
    ended = true;
    usage = usage.withOutputOfAtLeast(Math.ceilDiv(outputCharacters, CHARACTERS_PER_TOKEN));
    onExchangeEnded(started.cut(config.clock().instant(), usage, cost(started)));
  }

  private void onExchangeEnded(ModelExchange exchange) {
    paid = exchange.paid();
    file.append(exchange);
    config.onExchangeEnded().accept(exchange);
  }

  /** Returns the cost of the exchange after its end; zero if it is simulated. */
  public Money paid() {
    return paid;
  }
}
