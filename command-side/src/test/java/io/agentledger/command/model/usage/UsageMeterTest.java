package io.agentledger.command.model.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.OutputEvent.TurnStatus;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.usage.ModelExchange.Phase;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.store.crypto.PlainSealer;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The usage in a stream is counted independently of the size of its chunks. */
class UsageMeterTest {
  private static final SessionSealer SEALER =
      new SessionSealer(new PlainSealer(), SessionId.next());
  private static final RunId RUN = RunId.next();
  private static final ThreadId THREAD = ThreadId.next();
  private static final SourcePosition POSITION =
      new SourcePosition(ProcessId.next(), 1, SourcePosition.Source.USAGE, 1);
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T09:00:00Z"), ZoneOffset.UTC);
  private static final UsageMeter.Config RULE = new UsageMeter.Config(Prices.loadShipped(), CLOCK);
  private static final String STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_ü","model":"claude-sonnet-5","usage":{"input_tokens":7,"output_tokens":1}}}

      : a comment
      event: content_block_start\r
      data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"Bash","input":{}}}\r
      \r
      data: not json
      data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Grüße, 世界"}}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":99}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  @TempDir Path directory;
  private PassedIds passedIds;
  private Path path;
  private UsageFile file;

  @BeforeEach
  void open() throws IOException {
    path = directory.resolve("usage.jsonl");
    file = UsageFile.open(path, CLOCK);
    passedIds = new PassedIds(path);
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  @Test
  void meteringIsIndependentOfChunkBoundaries() throws IOException {
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    long seed = 20261120;
    var random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      try (UsageMeter meter = meter("exc_" + round)) {
        for (int from = 0; from < bytes.length; ) {
          int to = Math.min(bytes.length, from + 1 + random.nextInt(1 + round));
          meter.read(Unpooled.wrappedBuffer(bytes, from, to - from));
          from = to;
        }
      }
    }

    List<ModelExchange> all = exchanges();
    assertThat(all).as("seed " + seed).hasSize(300);
    assertThat(all)
        .allSatisfy(
            exchange -> {
              assertThat(exchange.phase()).isEqualTo(Phase.FINAL);
              assertThat(exchange.messageId()).isEqualTo("msg_ü");
              assertThat(exchange.usage()).isEqualTo(new TokenUsage(7, 99, 0, 0, 0, 0, 0, false));
            });
    assertThat(passedIds.findToolCall("toolu_1")).isPresent();
    assertThat(passedIds.hasMessage("msg_ü")).isTrue();
  }

  @Test
  void exchangeBecomesARecordedTurn() throws IOException {
    ModelExchange exchange = meteredExchange(Upstream.ANTHROPIC);

    assertThat(exchange.toEvent(SEALER, RUN, THREAD, POSITION))
        .isEqualTo(
            new TurnFinished(
                SEALER.session(),
                RUN,
                THREAD,
                POSITION,
                "exc_1",
                "claude-sonnet-5",
                new Usage(7, 99, 0, 0, 0),
                new Money(7 * 3000 + 99 * 15_000),
                new PriceSource.Table("2026-11-20"),
                TurnStatus.COMPLETED));
  }

  @Test
  void rehearsedTurnIsRecordedWithoutCost() throws IOException {
    TurnFinished turn = meteredExchange(Upstream.REHEARSAL).toEvent(SEALER, RUN, THREAD, POSITION);

    assertThat(turn.costUsd()).isEqualTo(Money.ZERO);
    assertThat(turn.priceSource()).isEqualTo(new PriceSource.Rehearsed());
    assertThat(turn.usage()).isEqualTo(new Usage(7, 99, 0, 0, 0));
  }

  private ModelExchange meteredExchange(Upstream upstream) throws IOException {
    try (UsageMeter meter = meter("exc_1", upstream)) {
      meter.read(Unpooled.copiedBuffer(STREAM, StandardCharsets.UTF_8));
    }
    return exchanges().getFirst();
  }

  @Test
  void truncatedStreamIsCutWithEstimatedOutput() throws IOException {
    String half = STREAM.substring(0, STREAM.indexOf("event: message_delta"));
    try (UsageMeter meter = meter("exc_1")) {
      meter.read(Unpooled.copiedBuffer(half, StandardCharsets.UTF_8));
    }

    ModelExchange cut = exchanges().getFirst();
    assertThat(cut.toEvent(SEALER, RUN, THREAD, POSITION).status()).isEqualTo(TurnStatus.TRUNCATED);
    assertThat(cut.estimated()).isTrue();
    assertThat(cut.usage().outputTokens()).isEqualTo(3);
  }

  @Test
  void streamWithoutContentRecordsNothing() throws IOException {
    meter("exc_1").close();

    assertThat(exchanges()).isEmpty();
  }

  @Test
  void idsAreOnDiskAsSoonAsTheirBytesAreRead() throws IOException {
    String half = STREAM.substring(0, STREAM.indexOf("data: not json"));
    meter("exc_1").read(Unpooled.copiedBuffer(half, StandardCharsets.UTF_8));

    var afterKill = new PassedIds(path);
    assertThat(afterKill.hasMessage("msg_ü")).isTrue();
    assertThat(afterKill.findToolCall("toolu_1")).isPresent();
  }

  @Test
  void idsOfAnAnswerThatCameWholeAreOnDiskBeforeItGoesOn() throws IOException {
    String body =
        """
        {"type":"message","id":"msg_whole","model":"claude-sonnet-5","stop_reason":null,
        "content":[{"type":"tool_use","id":"toolu_whole","name":"Bash","input":{}}]}
        """;
    meter("exc_1").readBody(body.getBytes(StandardCharsets.UTF_8));

    var afterKill = new PassedIds(path);
    assertThat(afterKill.hasMessage("msg_whole")).isTrue();
    assertThat(afterKill.findToolCall("toolu_whole")).isPresent();
  }

  @Test
  void responseIsNotForwardedIfItsUsageCannotBeWritten() throws IOException {
    UsageMeter meter = meter("exc_1");
    file.close();

    assertThatThrownBy(() -> meter.read(Unpooled.copiedBuffer(STREAM, StandardCharsets.UTF_8)))
        .isInstanceOf(UncheckedIOException.class);
  }

  private List<ModelExchange> exchanges() throws IOException {
    return UsageFile.read(path, 0).exchanges().stream().map(UsageFile.Ended::exchange).toList();
  }

  private UsageMeter meter(String id) {
    return meter(id, Upstream.REHEARSAL);
  }

  private UsageMeter meter(String id, Upstream upstream) {
    var none = new Cost(0, Cost.Basis.LISTED, "2026-11-20");
    Instant now = CLOCK.instant();
    boolean simulated = upstream != Upstream.ANTHROPIC;
    var template =
        new ModelExchange(
            Phase.START,
            id,
            "ses",
            "run",
            "prc",
            upstream.name(),
            simulated,
            "",
            "",
            now,
            now,
            TokenUsage.NONE,
            none,
            false,
            "");
    return new UsageMeter(template, file, RULE, passedIds);
  }
}
