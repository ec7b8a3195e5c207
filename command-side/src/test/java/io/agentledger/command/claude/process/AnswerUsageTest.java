package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.model.Usage;
import io.agentledger.command.claude.process.JournalTailer.Entry;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.BlockDelta;
import io.agentledger.command.claude.protocol.ClaudeMessage.BlockStarted;
import io.agentledger.command.claude.protocol.ClaudeMessage.BlockStopped;
import io.agentledger.command.claude.protocol.ClaudeMessage.CompactBoundary;
import io.agentledger.command.claude.protocol.ClaudeMessage.MessageCounted;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.StateChanged;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResults;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The last line of an answer is passed on with the usage of the whole answer, or soon. */
class AnswerUsageTest {
  private static final Optional<String> AGENT = Optional.empty();
  private static final Optional<String> SUBAGENT = Optional.of("toolu_1");
  private static final Usage COUNTED = new Usage(100, 20, 0, 0, 0);

  private final AtomicLong nanos = new AtomicLong();
  private final AnswerUsage answerUsage = new AnswerUsage(0, nanos::get);
  private long offset;

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private static AssistantMessage line(
      String id, Optional<String> parent, Optional<String> stopReason) {
    return new AssistantMessage(
        "uuid",
        id,
        "opus",
        parent,
        List.of(json("{'type':'text','text':'now'}")),
        stopReason,
        json("{'input_tokens':100,'output_tokens':1}"),
        Optional.empty());
  }

  private static AssistantMessage line(String id) {
    return line(id, AGENT, Optional.empty());
  }

  private static MessageCounted counted() {
    return new MessageCounted(AGENT, json("{'output_tokens':20}"));
  }

  private static PermissionRequest permission(String id) {
    return new PermissionRequest(id, "Bash", "toolu_2", json("{}"), AGENT, AGENT);
  }

  private Entry entry(ClaudeMessage message) {
    offset += 100;
    return new Entry(message, offset);
  }

  private List<Entry> add(ClaudeMessage... messages) {
    return answerUsage.add(Stream.of(messages).map(this::entry).toList());
  }

  private static List<ClaudeMessage> messages(List<Entry> entries) {
    return entries.stream().map(Entry::message).toList();
  }

  @Test
  void lastLineOfAnAnswerHasTheUsageOfTheWholeAnswer() {
    assertThat(add(line("msg_1"))).isEmpty();
    assertThat(add(new BlockStopped(AGENT, 0))).hasSize(1);
    var next = new BlockStarted(AGENT, 1, "text", AGENT, AGENT);
    assertThat(messages(add(next))).containsExactly(line("msg_1"), next);
    assertThat(add(line("msg_1"), new BlockStopped(AGENT, 1))).hasSize(1);
    assertThat(add(counted())).containsExactly(new Entry(line("msg_1"), 400, COUNTED));
    assertThat(answerUsage.release()).isEmpty();
  }

  @Test
  void earlierLinesOfAnAnswerHaveNoUsage() {
    assertThat(add(line("msg_1"), line("msg_1"), counted()))
        .extracting(Entry::usage)
        .containsExactly(Usage.ZERO, COUNTED);
  }

  @Test
  void linesBehindAnAnswerWaitWithItInTheirOrder() {
    var ofSubagent = line("msg_2", SUBAGENT, Optional.empty());
    var result = new ToolResults("uuid", AGENT, List.of(), json("{}"));
    var waiting = new StateChanged("requires_action");
    assertThat(add(line("msg_1"), permission("1"), waiting, ofSubagent, result)).isEmpty();
    List<Entry> released = add(counted());
    assertThat(messages(released))
        .containsExactly(line("msg_1"), permission("1"), waiting, ofSubagent, result);
    assertThat(released)
        .extracting(Entry::usage)
        .containsExactly(COUNTED, Usage.ZERO, Usage.ZERO, Usage.ZERO, Usage.ZERO);
  }

  @Test
  void lineThatCannotPrecedeTheUsageEndsTheWait() {
    var boundary = new CompactBoundary("auto", OptionalLong.empty());
    List<Entry> released = add(line("msg_1"), permission("1"), boundary);
    assertThat(messages(released)).containsExactly(line("msg_1"), permission("1"), boundary);
    assertThat(released).extracting(Entry::usage).containsOnly(Usage.ZERO);
  }

  @Test
  void endOfTheWorkOfTheCliEndsTheWait() {
    assertThat(add(line("msg_1"), new StateChanged("idle"))).hasSize(2);
  }

  @Test
  void answerThatWasNotStreamedHasItsOwnUsage() {
    assertThat(add(line("msg_1", AGENT, Optional.of("tool_use")))).isEmpty();
    List<Entry> released = add(permission("1"));
    assertThat(messages(released)).last().isEqualTo(permission("1"));
    assertThat(released.getFirst().usage()).isEqualTo(new Usage(100, 1, 0, 0, 0));
  }

  @Test
  void subagentsAnswerDoesNotWait() {
    assertThat(add(line("msg_1", SUBAGENT, Optional.empty()))).hasSize(1);
  }

  @Test
  void endlessPartialLinesOfOthersPassAndDoNotProlongTheWait() {
    add(line("msg_1"));
    var partial = new BlockDelta(SUBAGENT, 0, "text_delta", "x");
    nanos.set(AnswerUsage.WAIT_MAX_NANOS - 1);
    assertThat(messages(add(partial, partial))).containsExactly(partial, partial);
    nanos.set(AnswerUsage.WAIT_MAX_NANOS);
    assertThat(messages(add(partial))).containsExactly(line("msg_1"), partial);
  }

  @Test
  void overdueLinesAreReleasedWithoutFurtherOutput() {
    nanos.set(7);
    add(line("msg_1"));
    nanos.set(6 + AnswerUsage.WAIT_MAX_NANOS);
    assertThat(answerUsage.releaseOverdue()).isEmpty();
    nanos.set(7 + AnswerUsage.WAIT_MAX_NANOS);
    assertThat(messages(answerUsage.releaseOverdue())).containsExactly(line("msg_1"));
  }

  @Test
  void heldLinesAreBoundedInNumber() {
    List<Entry> released = new ArrayList<>(add(line("msg_1")));
    for (int i = 1; i < AnswerUsage.LINES_MAX; i++) {
      released.addAll(add(permission("" + i)));
    }
    assertThat(released).isEmpty();
    assertThat(add(permission("last"))).hasSize(AnswerUsage.LINES_MAX + 1);
  }

  @Test
  void heldLinesAreBoundedInBytes() {
    add(line("msg_1"));
    offset += AnswerUsage.BYTES_MAX;
    assertThat(add(permission("large"))).hasSize(2);
  }

  @Test
  void linesThatAreReadAgainGiveTheSameResult() {
    List<Entry> journal =
        Stream.of(line("msg_1"), new BlockStarted(AGENT, 1, "text", AGENT, AGENT), line("msg_1"))
            .map(this::entry)
            .toList();
    List<Entry> rest = List.of(entry(permission("1")), entry(counted()));
    Entry recorded = answerUsage.add(journal).getFirst();
    List<Entry> expected = answerUsage.add(rest);

    var restarted = new AnswerUsage(recorded.endOffset(), nanos::get);
    restarted.add(journal.subList(1, 3));
    assertThat(restarted.add(rest)).isEqualTo(expected);
  }
}
