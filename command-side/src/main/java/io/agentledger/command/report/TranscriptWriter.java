package io.agentledger.command.report;

import io.agentledger.api.report.ReportSubject.SessionTranscript;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListRuns;
import io.agentledger.api.session.query.SessionQuery.ListToolCalls;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ToolCallView;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportBlock.Column;
import io.agentledger.command.report.document.ReportBlock.MessageCard;
import io.agentledger.command.report.document.ReportBlock.PlainText;
import io.agentledger.command.report.document.ReportBlock.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes a session's messages and tool calls in the order of their events, with a section for each
 * prompt, and its runs.
 */
final class TranscriptWriter {
  private static final List<Column> RUN_COLUMNS =
      List.of(
          new Column("run_id", "Run", false),
          new Column("status", "Status", false),
          new Column("model", "Model", false),
          new Column("turns", "Turns", true),
          new Column("cost_usd", "Cost (USD)", true),
          Column.secondary("started_at", "Started"),
          Column.secondary("ended_at", "Ended"),
          Column.secondary("stop_reason", "End"));

  private final ReportDraft draft;
  private final PromptAttachments attachments;
  private int prompts;
  private @Nullable RunId run;

  TranscriptWriter(ReportDraft draft, PromptAttachments attachments) {
    this.draft = draft;
    this.attachments = attachments;
  }

  void write(SessionTranscript subject) throws IOException {
    var reader = draft.reader();
    var session =
        reader.find(new FindSession(reader.tenant(), subject.sessionId()), SessionView.class);
    draft.start(
        "Session transcript", SessionFacts.titleOf(session), SessionFacts.of(session, reader));
    draft.section("conversation", "Conversation");
    writeConversation(session);
    draft.section("runs", "Runs");
    draft.add(new Table(RUN_COLUMNS, () -> runs(session.id())));
  }

  private void writeConversation(SessionView session) throws IOException {
    var reader = draft.reader();
    var messages =
        reader
            .pages(page -> new ListMessages(reader.tenant(), session.id(), page), MessageView.class)
            .iterator();
    var calls =
        reader
            .pages(
                page -> new ListToolCalls(reader.tenant(), session.id(), page), ToolCallView.class)
            .iterator();
    if (!messages.hasNext()) draft.add(new PlainText("The session has no messages."));
    var attached = attachments.positions(session.id());
    ToolCallView call = next(calls);
    while (messages.hasNext()) {
      var message = messages.next();
      while (call != null && !message.inherited() && call.sequence() < message.sequence()) {
        draft.add(TranscriptBlocks.of(call));
        call = next(calls);
      }
      write(message, attached(session, message, attached));
      draft.progress().set("messages", message.sequence(), session.sequence());
    }
    for (; call != null; call = next(calls)) draft.add(TranscriptBlocks.of(call));
  }

  /** Returns the attachments of a prompt of this session; those of inherited ones are in theirs. */
  private List<ReportBlock> attached(
      SessionView session, MessageView message, TreeSet<Long> positions) {
    return message.queryId() == null || message.inherited()
        ? List.of()
        : attachments.of(session.id(), message, positions);
  }

  private static @Nullable ToolCallView next(Iterator<ToolCallView> calls) {
    return calls.hasNext() ? calls.next() : null;
  }

  /** Writes a message; blocks of tool calls are written with the calls. */
  private void write(MessageView message, List<ReportBlock> attached) throws IOException {
    var content = new ArrayList<>(TranscriptBlocks.of(message));
    if (content.isEmpty()) return;
    if (message.origin() == null && !message.inherited()) startPrompt(message);
    content.addAll(attached);
    draft.add(
        new MessageCard(
            message.role().name().toLowerCase(Locale.ROOT),
            author(message),
            message.at(),
            content));
  }

  /** Starts a section for the first block of each prompt. */
  private void startPrompt(MessageView message) throws IOException {
    boolean isSame = run != null && run.equals(message.runId());
    run = message.runId();
    if (isSame) return;
    draft.subsection("Prompt " + ++prompts + ", " + timeOf(message.at()));
  }

  private String timeOf(Instant at) {
    return at.atZone(draft.zone())
        .toLocalDateTime()
        .truncatedTo(ChronoUnit.SECONDS)
        .toString()
        .replace('T', ' ');
  }

  private static String author(MessageView message) {
    var author =
        switch (message.origin()) {
          case null -> "Prompt";
          case MODEL -> "Model";
          case CLI -> "CLI";
        };
    return author
        + (message.inherited() ? ", inherited" : "")
        + (message.retracted() ? ", retracted" : "");
  }

  private Iterator<List<@Nullable Object>> runs(SessionId session) {
    var reader = draft.reader();
    return reader
        .pages(page -> new ListRuns(reader.tenant(), session, page), RunView.class)
        .map(TranscriptWriter::row)
        .iterator();
  }

  private static List<@Nullable Object> row(RunView run) {
    return Arrays.asList(
        run.id().value(),
        run.status().name().toLowerCase(Locale.ROOT),
        run.model() == null ? run.requestedModel() : run.model(),
        run.numTurns(),
        new BigDecimal(run.costUsd().usd()),
        run.startedAt(),
        run.endedAt(),
        run.stopReason());
  }
}
