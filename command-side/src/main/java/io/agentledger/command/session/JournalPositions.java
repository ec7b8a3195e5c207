package io.agentledger.command.session;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import java.util.ArrayList;
import java.util.List;

/**
 * Recorded positions in the files of the session's processes, the counted model exchanges, and the
 * latest messages of the CLI itself, which any later process may repeat. Old processes and
 * exchanges are removed, because their epoch has ended.
 */
final class JournalPositions {
  private static final int PROCESSES_MAX = 8;
  private static final int EXCHANGES_MAX = 256;

  /**
   * Maximum number of remembered blocks of the CLI, the latest: a compaction repeats the end of the
   * conversation.
   */
  private static final int CLI_BLOCKS_MAX = 256;

  private long epoch;
  private List<Mark> marks = new ArrayList<>();
  private List<String> exchanges = new ArrayList<>();
  private List<CliBlock> cliBlocks = new ArrayList<>();

  /** Block of a message that the CLI generated itself. */
  record CliBlock(MessageId message, int index) {}

  /** End of the last recorded line. */
  record Mark(ProcessId process, Source source, long endOffset) {
    boolean isOf(ProcessId other, Source otherSource) {
      return process.equals(other) && source == otherSource;
    }
  }

  long epoch() {
    return epoch;
  }

  boolean isRecorded(ProcessId process, Source source, long end) {
    return source != Source.RUNNER
        && marks.stream().anyMatch(mark -> mark.isOf(process, source) && end <= mark.endOffset());
  }

  /** Returns the position for events that the service itself records about a process. */
  SourcePosition ownPosition(ProcessId process) {
    return new SourcePosition(process, epoch, Source.RUNNER, 0);
  }

  boolean hasCounted(String exchangeId) {
    return exchanges.contains(exchangeId);
  }

  void onEpoch(long newEpoch) {
    epoch = Math.max(epoch, newEpoch);
  }

  void advanceTo(SourcePosition sourcePosition) {
    onEpoch(sourcePosition.epoch());
    if (sourcePosition.source() == Source.RUNNER
        || isRecorded(
            sourcePosition.processId(), sourcePosition.source(), sourcePosition.endOffset()))
      return;
    marks.removeIf(mark -> mark.isOf(sourcePosition.processId(), sourcePosition.source()));
    marks.add(
        new Mark(sourcePosition.processId(), sourcePosition.source(), sourcePosition.endOffset()));
    if (marks.stream().map(Mark::process).distinct().count() > PROCESSES_MAX) {
      var oldest = marks.getFirst().process();
      marks.removeIf(mark -> mark.process().equals(oldest));
    }
  }

  void markCounted(String exchangeId) {
    exchanges.add(exchangeId);
    if (exchanges.size() > EXCHANGES_MAX) exchanges.removeFirst();
  }

  boolean isCliBlockRecorded(MessageId message, int blockIndex) {
    return cliBlocks.contains(new CliBlock(message, blockIndex));
  }

  void on(MessageReceived event) {
    if (event.origin() != MessageOrigin.CLI) return;
    cliBlocks.add(new CliBlock(event.messageId(), event.blockIndex()));
    if (cliBlocks.size() > CLI_BLOCKS_MAX) cliBlocks.removeFirst();
  }
}
