package io.agentledger.query.session;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.AgentSetupSummary;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.query.CheckpointView;
import io.agentledger.api.session.query.DirectoryView;
import io.agentledger.api.session.query.IdleSession;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.SessionView.AgentRef;
import io.agentledger.api.session.query.SessionView.EnvironmentRef;
import io.agentledger.api.session.query.SessionView.PendingAction;
import io.agentledger.api.session.query.ShareView;
import io.agentledger.api.session.query.ToolCallView;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.projection.session.AgentSetupColumns;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.run.RunRow;
import io.agentledger.projection.session.sharing.ShareKey;
import io.agentledger.projection.session.sharing.ShareRow;
import io.agentledger.projection.session.transcript.MessageRow;
import io.agentledger.projection.session.transcript.PendingActionRow;
import io.agentledger.projection.session.transcript.ToolCallRow;
import io.agentledger.projection.session.workspace.CheckpointRow;
import io.agentledger.projection.session.workspace.DirectoryRow;
import io.agentledger.query.support.ContentReader;
import io.agentledger.store.support.UntrustedJson;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Maps rows to views, with decrypted content. */
final class SessionViewMapper {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final TypeReference<Map<String, String>> PAIRS = new TypeReference<>() {};

  private final ContentReader contentReader;

  SessionViewMapper(ContentReader contentReader) {
    this.contentReader = contentReader;
  }

  /**
   * Maps a session.
   *
   * @param pending pending actions of the session, oldest first
   */
  SessionView toView(SessionRow row, List<PendingActionRow> pending) {
    var id = new SessionId(row.id());
    return new SessionView(
        id,
        new UserId(row.owner()),
        contentReader.text(id, row.title()),
        metadata(row),
        row.lifecycle().tags(),
        row.lifecycle().status(),
        row.lifecycle().since(),
        row.activity(),
        row.sequence(),
        agentOf(row),
        new EnvironmentRef(new EnvironmentId(row.environmentId()), row.environmentName()),
        row.options(),
        ExecutionMode.of(row.options().permissionMode()),
        toAgentSetup(id, row.agentSetup()),
        row.budget(),
        row.workspace(),
        row.origin(),
        row.queued(),
        id(row.runId(), RunId::new),
        pending.stream().map(this::toView).toList(),
        row.runs(),
        row.spent().usage(),
        row.spent().cost(),
        row.createdAt(),
        row.updatedAt());
  }

  private static AgentRef agentOf(SessionRow row) {
    return new AgentRef(new AgentId(row.agentId()), row.agentVersion(), row.agentName());
  }

  Map<String, String> metadata(SessionRow row) {
    return contentReader
        .map(new SessionId(row.id()), row.metadata(), SessionViewMapper::pairs)
        .orElse(Map.of());
  }

  /** Names only, because the schemas of client tools are sealed. */
  private @Nullable AgentSetupSummary toAgentSetup(
      SessionId id, @Nullable AgentSetupColumns agentSetupColumns) {
    if (agentSetupColumns == null || agentSetupColumns.agentSetup() == null) return null;
    var tools =
        contentReader
            .map(id, agentSetupColumns.clientTools(), SessionViewMapper::parseToolNames)
            .orElse(List.of());
    return agentSetupColumns.agentSetup().withClientTools(tools);
  }

  private static List<String> parseToolNames(String json) {
    return JSON.readTree(json).values().stream()
        .map(tool -> tool.path("name").asString(""))
        .toList();
  }

  static IdleSession toIdleSession(SessionRow row) {
    return new IdleSession(new TenantId(row.tenant()), new SessionId(row.id()), row.sequence());
  }

  private static Map<String, String> pairs(String json) {
    return JSON.readValue(json, PAIRS);
  }

  private PendingAction toView(PendingActionRow row) {
    var session = new SessionId(row.sessionId());
    return new PendingAction(
        new ActionId(row.id()),
        row.type().name().toLowerCase(Locale.ROOT),
        new RunId(row.runId()),
        new ThreadId(row.threadId()),
        new ToolCallId(row.toolCallId()),
        row.tool(),
        orJsonNull(contentReader.json(session, row.input())),
        row.inputDigest(),
        contentReader.text(session, row.reason()),
        row.requestedAt(),
        row.expiresAt());
  }

  /** Maps a share. */
  static ShareView toView(ShareRow row) {
    var audience = row.key().audience();
    return new ShareView(
        audience.equals(ShareKey.EVERYONE)
            ? new Audience.Tenant()
            : new Audience.User(new UserId(audience)),
        row.access(),
        row.sharedAt());
  }

  static DirectoryView toView(DirectoryRow row) {
    var name = row.key().name();
    return new DirectoryView(
        name,
        SessionDirectory.MOUNT_ROOT + "/" + name,
        row.directory(),
        row.writable(),
        row.key().source(),
        row.addedAt());
  }

  CheckpointView toView(CheckpointRow row) {
    return new CheckpointView(
        new CheckpointId(row.id()),
        row.moment(),
        id(row.runId(), RunId::new),
        CheckpointTexts.cause(row.moment()),
        row.files(),
        row.bytes(),
        row.changedFiles(),
        contentReader
            .map(new SessionId(row.sessionId()), row.changedPaths(), CheckpointTexts::parsePaths)
            .orElse(List.of()),
        row.sequence(),
        row.takenAt());
  }

  /**
   * Maps a message.
   *
   * @param threadId the agent's own thread
   * @param inherited whether the message is shown in a branch of its session
   * @param sequence of the last event that is taken into account
   */
  MessageView toView(MessageRow row, ThreadId threadId, boolean inherited, long sequence) {
    var session = new SessionId(row.key().sessionId());
    return new MessageView(
        new MessageId(row.messageId()),
        row.blockIndex(),
        id(row.queryId(), QueryId::new),
        id(row.runId(), RunId::new),
        Objects.requireNonNullElse(id(row.threadId(), ThreadId::new), threadId),
        row.role(),
        row.origin(),
        row.blockType(),
        row.queryId() == null
            ? orJsonNull(contentReader.json(session, row.block()))
            : prompt(session, row),
        inherited,
        row.isRetractedAt(sequence),
        row.key().sequence(),
        row.at());
  }

  private Json prompt(SessionId session, MessageRow row) {
    return orJsonNull(
        contentReader.json(
            session,
            row.block(),
            text -> new Json(JSON.writeValueAsString(new TextBlock("text", text)))));
  }

  private record TextBlock(String type, String text) {}

  ToolCallView toView(ToolCallRow row) {
    return toView(row, Long.MAX_VALUE);
  }

  /** Maps a call as it was when the event of the sequence had happened. */
  ToolCallView toView(ToolCallRow row, long lastSequence) {
    var session = new SessionId(row.key().sessionId());
    boolean isReturned = row.isReturnedAt(lastSequence);
    return new ToolCallView(
        new ToolCallId(row.key().toolCallId()),
        new RunId(row.runId()),
        new ThreadId(row.threadId()),
        row.name(),
        orJsonNull(contentReader.json(session, row.input())),
        contentReader.text(session, row.resolvedPath()),
        row.inputDigest(),
        row.verdict(),
        row.rule(),
        isReturned ? row.status() : null,
        isReturned ? contentReader.json(session, row.output()) : null,
        row.sequence(),
        row.calledAt(),
        isReturned ? row.returnedAt() : null);
  }

  RunView toView(SessionRow sessionRow, RunRow row) {
    var session = new SessionId(row.sessionId());
    var stop = row.stopReason();
    return new RunView(
        new RunId(row.id()),
        session,
        id(row.queryId(), QueryId::new),
        agentOf(sessionRow),
        row.status(),
        row.attempt(),
        row.requestedModel(),
        row.model(),
        row.refusedModel(),
        row.upstream(),
        row.sandbox(),
        row.cliVersion(),
        row.node(),
        stop == null ? null : stop.name().toLowerCase(Locale.ROOT),
        row.failure(),
        contentReader.text(session, row.result()),
        contentReader.json(session, row.structuredOutput()),
        contentReader.text(session, row.error()),
        row.spent().usage(),
        row.modelUsage(),
        row.spent().cost(),
        row.costKnown(),
        row.cliCost(),
        differenceOf(row),
        row.turns(),
        row.durationMs(),
        row.requestedAt(),
        row.startedAt(),
        row.endedAt());
  }

  private static @Nullable Money differenceOf(RunRow row) {
    var cliCost = row.cliCost();
    return cliCost == null ? null : row.spent().cost().minus(cliCost);
  }

  private static <T> @Nullable T id(@Nullable String value, Function<String, T> factory) {
    return value == null ? null : factory.apply(value);
  }

  private static Json orJsonNull(@Nullable Json json) {
    return json == null ? Json.NULL : json;
  }
}
