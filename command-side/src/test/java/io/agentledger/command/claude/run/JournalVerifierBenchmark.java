package io.agentledger.command.claude.run;

import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.BlockDelta;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResult;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResults;
import io.agentledger.command.model.BillingContext;
import io.agentledger.command.model.ModelOutage;
import io.agentledger.command.model.WebSearchPermit;
import io.agentledger.command.model.usage.PassedIds;
import io.agentledger.command.model.usage.UsageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/**
 * Measures the verification of a line of the journal, with 20,000 tool calls on disk and the latest
 * 10,000 of them in memory, and the look-up of a call that is only on disk. The baseline is parsing
 * the line's JSON.
 */
class JournalVerifierBenchmark {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int CALLS = 20_000;
  private static final int RECENT = 10_000;
  private static final int ROUNDS = 7;

  @TempDir Path directory;

  @Test
  void measuresTheCostOfALine() throws IOException {
    Path file = directory.resolve("usage.jsonl");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      lines.add(
          "{\"phase\":\"tool_call\",\"tool_use_id\":\"%s\",\"name\":\"Bash\",\"exchange_id\":\"exc_%d\"}"
              .formatted(id(i), i));
    }
    Files.write(file, lines);
    var passedIds = new PassedIds(file);
    var connection = new PassedIdsConnection(passedIds, UsageFile.open(file, Clock.systemUTC()));
    List<String> assistantLines = IntStream.range(0, RECENT).mapToObj(i -> line(i)).toList();
    measure("parse of an assistant line", i -> JSON.readTree(assistantLines.get(i)).size());
    measure("assistant line with a tool call", connection, i -> assistant(i));
    measure("tool result", connection, i -> result(i));
    measure("piece of a stream", connection, i -> new BlockDelta(Optional.empty(), 0, "", "word"));
    long startedNanos = System.nanoTime();
    if (passedIds.findToolCall(id(0)).isEmpty()) throw new AssertionError();
    System.out.printf(
        Locale.ROOT,
        "look-up on disk in %d KiB: %.1f ms%n",
        Files.size(file) >> 10,
        (System.nanoTime() - startedNanos) / 1e6);
  }

  private static String id(int i) {
    return "toolu_01A09q90qw90lq917835l%d".formatted(i);
  }

  private static String line(int i) {
    return """
    {"type":"assistant","message":{"id":"msg_1","model":"claude-opus-4-8","content":[{"type":\
    "tool_use","id":"%s","name":"Bash","input":{"command":"ls"}}]},"parent_tool_use_id":null}"""
        .formatted(id(CALLS - RECENT + i));
  }

  private static ClaudeMessage assistant(int i) {
    JsonNode block = JSON.readTree(line(i)).at("/message/content/0");
    return new AssistantMessage(
        "u",
        "msg_1",
        "claude-opus-4-8",
        Optional.empty(),
        List.of(block),
        Optional.empty(),
        NullNode.getInstance(),
        Optional.empty());
  }

  private static ClaudeMessage result(int i) {
    var result = new ToolResult(id(CALLS - RECENT + i), JSON.missingNode(), false);
    return new ToolResults("u", Optional.empty(), List.of(result), JSON.missingNode());
  }

  private static void measure(
      String name, ModelEndpoint.Connection connection, IntFunction<ClaudeMessage> message) {
    List<List<JournalTailer.Entry>> batches = new ArrayList<>();
    for (int i = 0; i < RECENT; i++) {
      batches.add(List.of(new JournalTailer.Entry(message.apply(i), i)));
    }
    JournalVerifier[] verifier = new JournalVerifier[1];
    measure(
        name,
        i -> {
          if (i == 0) verifier[0] = new JournalVerifier(connection);
          return verifier[0].verify(batches.get(i)).size();
        });
  }

  private static void measure(String name, IntToLongFunction step) {
    double best = Double.MAX_VALUE;
    long sink = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long startedNanos = System.nanoTime();
      for (int i = 0; i < RECENT; i++) sink += step.applyAsLong(i);
      best = Math.min(best, (System.nanoTime() - startedNanos) / (double) RECENT);
    }
    System.out.printf(Locale.ROOT, "%s: %.0f ns (%d)%n", name, best, sink & 1);
  }

  private record PassedIdsConnection(PassedIds passedIds, UsageFile usage)
      implements ModelEndpoint.Connection {
    @Override
    public void answerWarmUp() {}

    @Override
    public void bindRun(BillingContext billingContext) {}

    @Override
    public Optional<ModelOutage> findOutage(RunId run) {
      return Optional.empty();
    }

    @Override
    public Optional<BudgetShortfall> findShortfall(RunId run) {
      return Optional.empty();
    }

    @Override
    public void permitSearch(ToolCallId call, WebSearchPermit permit) {}

    @Override
    public void endPermits(ToolCallId call) {}

    @Override
    public boolean isExchanging() {
      return false;
    }

    @Override
    public boolean wasSent(String messageId) {
      return true;
    }

    @Override
    public boolean wasRequested(String toolUseId) {
      return passedIds.findToolCall(toolUseId).isPresent();
    }

    @Override
    public boolean markReturned(String toolUseId, long journalOffset) {
      return passedIds.markReturned(usage, toolUseId, journalOffset);
    }

    @Override
    public List<ModelEndpoint.MeteredTurn> usageAfter(long offset) {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
