package io.agentledger.query.permission;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.permission.DryRunView;
import io.agentledger.api.permission.DryRunView.Difference;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyQuery.DryRunPolicy;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.PermissionRejection.PolicyRefused;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.session.transcript.ToolCallRow;
import io.agentledger.projection.session.transcript.ToolCallRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.SessionVisibility;
import io.agentledger.store.permission.EvaluatedToolCall;
import io.agentledger.store.permission.RuleSet;
import io.agentledger.store.permission.RuleSet.RuleDecision;
import io.agentledger.store.permission.ToolGroups;
import io.agentledger.store.support.UntrustedJson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Evaluates rules against recorded tool calls, without any effect. */
class DryRunQueryHandler {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  /** Maximum duration of the evaluation of a page. */
  private static final Duration DURATION_MAX = Duration.ofSeconds(5);

  private final ToolCallRowRepository calls;
  private final ContentReader contentReader;
  private final CursorCodec cursorCodec;

  DryRunQueryHandler(
      ToolCallRowRepository calls, ContentReader contentReader, CursorCodec cursorCodec) {
    this.calls = calls;
    this.contentReader = contentReader;
    this.cursorCodec = cursorCodec;
  }

  @QueryHandler
  DryRunView run(DryRunPolicy query, Caller caller) {
    var definition = new PolicyDefinition(true, false, query.rules());
    var ruleSet =
        new RuleSet(
            List.of(
                new RuleSet.CompiledPolicy(
                    PolicyId.next(), "dry run", definition, ToolGroups.BUILT_IN_ONLY)));
    @Nullable SessionId sessionId = query.sessionId();
    String session = sessionId == null ? "" : sessionId.value();
    String[] cursorScope = {"dry_run", query.tenant().value(), caller.user().value(), session};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    List<ToolCallRow> rows =
        calls.pageNewestFirst(
            SessionVisibility.viewer(caller),
            session,
            after.at(),
            after.id(),
            CursorCodec.limitPlusOne(query.page()));
    var page =
        cursorCodec.page(
            rows,
            query.page(),
            row -> new NewestFirstPosition(row.calledAt(), row.key().toolCallId()),
            cursorScope);
    return new DryRunEvaluation(ruleSet, query.rules().getFirst().name())
        .evaluate(page.items(), page.nextCursor());
  }

  /** Counts of one page. */
  private final class DryRunEvaluation {
    private final RuleSet ruleSet;
    private final String firstRule;
    private final Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
    private final List<Difference> differences = new ArrayList<>();
    private int unmatched;
    private int unreadable;

    DryRunEvaluation(RuleSet ruleSet, String firstRule) {
      this.ruleSet = ruleSet;
      this.firstRule = firstRule;
    }

    DryRunView evaluate(List<ToolCallRow> rows, @Nullable String next) {
      long startNanos = System.nanoTime();
      for (var row : rows) {
        if (System.nanoTime() - startNanos > DURATION_MAX.toNanos()) throw tooLong();
        count(row);
      }
      return new DryRunView(
          rows.size(),
          effects.getOrDefault(Effect.DENY, 0),
          effects.getOrDefault(Effect.ASK, 0),
          effects.getOrDefault(Effect.ALLOW, 0),
          unmatched,
          unreadable,
          differences,
          next);
    }

    private RejectionException tooLong() {
      return new RejectionException(
          new PolicyRefused(
              firstRule,
              "and the others take longer than "
                  + DURATION_MAX.toSeconds()
                  + " s for a page: request a smaller one, or simplify expressions"));
    }

    private void count(ToolCallRow row) {
      var session = new SessionId(row.key().sessionId());
      Optional<JsonNode> input = contentReader.map(session, row.input(), JSON::readTree);
      if (input.isEmpty()) {
        unreadable++;
        return;
      }
      Optional<RuleDecision> decision =
          ruleSet.decide(
              new EvaluatedToolCall(row.name(), input.get(), new LexicalPathResolver(session)));
      if (decision.isEmpty()) {
        unmatched++;
        return;
      }
      effects.merge(decision.get().effect(), 1, Integer::sum);
      if (verdict(decision.get().effect()) != row.verdict())
        differences.add(difference(row, decision.get()));
    }
  }

  private static Verdict verdict(Effect effect) {
    return switch (effect) {
      case DENY -> Verdict.DENIED;
      case ASK -> Verdict.ASKED;
      case ALLOW -> Verdict.ALLOWED;
    };
  }

  private static Difference difference(ToolCallRow row, RuleDecision decision) {
    return new Difference(
        new SessionId(row.key().sessionId()),
        new ToolCallId(row.key().toolCallId()),
        row.name(),
        row.calledAt(),
        row.verdict(),
        row.rule(),
        decision.effect(),
        decision.rule().name(),
        decision.rule().reason());
  }

  /**
   * Resolves paths as they were recorded. Without a sandbox, the recorded path of the workspace is
   * its path on the host, which contains the session's id.
   */
  private record LexicalPathResolver(SessionId session) implements EvaluatedToolCall.PathResolver {
    private static final Path WORKSPACE = Path.of("/workspace");

    @Override
    public Path workspace() {
      return WORKSPACE;
    }

    @Override
    public Optional<Path> resolve(String name) {
      String mark = "/" + session + "/work";
      int at = name.indexOf(mark);
      String inside = at < 0 ? name : WORKSPACE + "/" + name.substring(at + mark.length());
      return Optional.of(WORKSPACE.resolve(inside).normalize());
    }
  }
}
