package io.agentledger.command.model.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.model.usage.ModelExchange.Phase;
import io.agentledger.command.model.usage.UsageFile.Ended;
import io.agentledger.command.model.usage.UsageFile.EndedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageFileTest {
  private static final Instant NOW = Instant.parse("2026-11-20T09:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final TokenUsage USED = new TokenUsage(10, 20, 30, 40, 50, 1, 0, false);

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("usage.jsonl");
  }

  @Test
  void entryIsReadWithTheOffsetBehindItsLine() throws IOException {
    try (UsageFile file = UsageFile.open(path, CLOCK)) {
      file.append(started("exc_1"));
      file.append(new RequestedToolCall("toolu_1", "Bash", "exc_1"));
      file.append(finished("exc_1"));
      file.append(started("exc_2"));
      file.append(finished("exc_2"));
    }

    EndedPage all = UsageFile.read(path, 0);

    assertThat(all.exchanges())
        .extracting(Ended::exchange)
        .containsExactly(finished("exc_1"), finished("exc_2"));
    assertThat(all.unreadableCount()).isZero();
    assertThat(all.endOffset()).isEqualTo(Files.size(path));
    EndedPage rest = UsageFile.read(path, all.exchanges().getFirst().endOffset());
    assertThat(rest.exchanges()).extracting(Ended::exchange).containsExactly(finished("exc_2"));
    assertThat(UsageFile.read(path, all.endOffset()).exchanges()).isEmpty();
    var passedIds = new PassedIds(path);
    assertThat(passedIds.findToolCall("toolu_1"))
        .contains(new RequestedToolCall("toolu_1", "Bash", "exc_1"));
    assertThat(passedIds.hasMessage("msg_1")).isTrue();
  }

  @Test
  void linesAreJsonWithALowerCasePhase() throws IOException {
    try (UsageFile file = UsageFile.open(path, CLOCK)) {
      file.append(started("exc_1"));
    }

    assertThat(Files.readString(path))
        .startsWith("{\"phase\":\"start\",\"exchange_id\":\"exc_1\"")
        .contains(
            "\"cache_write_1h_tokens\":50",
            "\"recorded_at\":\"2026-11-20T09:00:00Z\"",
            "\"basis\":\"listed\"");
  }

  @Test
  void reopeningClosesEntriesLeftOpenByAKilledService() throws IOException {
    try (UsageFile file = UsageFile.open(path, CLOCK)) {
      file.append(started("exc_1"));
      file.append(finished("exc_1"));
      file.append(started("exc_2"));
    }

    UsageFile.closeOpenExchanges(path, CLOCK);
    UsageFile.closeOpenExchanges(path, CLOCK);

    List<Ended> ended = UsageFile.read(path, 0).exchanges();
    assertThat(ended).hasSize(2);
    ModelExchange cut = ended.getLast().exchange();
    assertThat(cut.exchangeId()).isEqualTo("exc_2");
    assertThat(cut.phase()).isEqualTo(Phase.CUT);
    assertThat(cut.estimated()).isTrue();
    assertThat(cut.usage()).isEqualTo(USED);
  }

  @Test
  void partialLineIsTerminatedCountedAndHarmless() throws IOException {
    try (UsageFile file = UsageFile.open(path, CLOCK)) {
      file.append(finished("exc_1"));
    }
    Files.writeString(path, "{\"phase\":\"fin", StandardOpenOption.APPEND);
    assertThat(UsageFile.read(path, 0).endOffset()).isLessThan(Files.size(path));

    try (UsageFile file = UsageFile.open(path, CLOCK)) {
      file.append(finished("exc_2"));
    }

    EndedPage all = UsageFile.read(path, 0);
    assertThat(all.exchanges())
        .extracting(ended -> ended.exchange().exchangeId())
        .containsExactly("exc_1", "exc_2");
    assertThat(all.unreadableCount()).isEqualTo(1);
  }

  @Test
  void concurrentWritersLoseAndMixNothing() throws Exception {
    int writers = 8;
    int character = 500;
    try (UsageFile file = UsageFile.open(path, CLOCK);
        ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      for (int w = 0; w < writers; w++) {
        int writer = w;
        threads.execute(
            () -> {
              for (int i = 0; i < character; i++) file.append(finished("exc_" + writer + "_" + i));
            });
      }
    }

    List<String> ids = new ArrayList<>();
    long offset = 0;
    for (EndedPage page = UsageFile.read(path, 0);
        page.endOffset() > offset;
        page = UsageFile.read(path, offset)) {
      assertThat(page.unreadableCount()).isZero();
      page.exchanges().forEach(ended -> ids.add(ended.exchange().exchangeId()));
      offset = page.endOffset();
    }
    assertThat(ids).hasSize(writers * character).doesNotHaveDuplicates();
  }

  @Test
  void fileIsReadableByTheServiceOnly() throws IOException {
    UsageFile.open(path, CLOCK).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void missingFileIsEmpty() throws IOException {
    assertThat(UsageFile.read(path, 0).exchanges()).isEmpty();
    assertThat(new PassedIds(path).hasMessage("msg_1")).isFalse();
    UsageFile.closeOpenExchanges(path, CLOCK);
    assertThat(path).doesNotExist();
  }

  private static ModelExchange started(String id) {
    return new ModelExchange(
        Phase.START,
        id,
        "ses_1",
        "run_1",
        "prc_1",
        "rehearsal",
        true,
        "claude-opus-4-8",
        "msg_1",
        NOW,
        NOW,
        USED,
        Prices.loadShipped().cost("claude-opus-4-8", USED),
        false,
        "");
  }

  private static ModelExchange finished(String id) {
    return started(id)
        .finished(NOW, USED, Prices.loadShipped().cost("claude-opus-4-8", USED), "end_turn");
  }
}
