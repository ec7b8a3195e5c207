package io.agentledger.query.permission;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.permission.DryRunView;
import io.agentledger.api.permission.DryRunView.Difference;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyQuery.DryRun;
import io.agentledger.api.permission.PolicyTerms;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.projection.session.ToolCallRow;
import io.agentledger.projection.session.ToolCalls;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Newest;
import io.agentledger.query.support.Opened;
import io.agentledger.query.support.SeenSessions;
import io.agentledger.store.permission.Groups;
import io.agentledger.store.permission.RuleBook;
import io.agentledger.store.permission.RuleBook.Judgement;
import io.agentledger.store.permission.RuledCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tries rules on what was recorded: nothing is decided by it, and nothing is kept. */
class DryRuns {
  private static final JsonMapper JSON = new JsonMapper();

  private final ToolCalls calls;
  private final Opened opened;
  private final Cursors cursors;

  DryRuns(ToolCalls calls, Opened opened, Cursors cursors) {
    this.calls = calls;
    this.opened = opened;
    this.cursors = cursors;
  }

  @QueryHandler
  DryRunView run(DryRun query, Caller by) {
    var terms = new PolicyTerms(true, false, query.rules());
    var book =
        new RuleBook(List.of(new RuleBook.Policy(PolicyId.next(), "dry run", terms, Groups.HOUSE)));
    @Nullable SessionId one = query.sessionId();
    String session = one == null ? "" : one.value();
    String[] list = {"dry_run", query.tenant().value(), by.user().value(), session};
    var after = Newest.after(cursors, query.page(), list);
    List<ToolCallRow> rows =
        calls.newest(
            SeenSessions.reader(by),
            session,
            after.at(),
            after.id(),
            Cursors.oneMore(query.page()));
    var page =
        cursors.page(
            rows, query.page(), row -> new Newest(row.calledAt(), row.key().toolCallId()), list);
    return new Count(book).of(page.items(), page.next());
  }

  /** The counts of one page. */
  private final class Count {
    private final RuleBook book;
    private final Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
    private final List<Difference> differences = new ArrayList<>();
    private int silent;
    private int unreadable;

    Count(RuleBook book) {
      this.book = book;
    }

    DryRunView of(List<ToolCallRow> rows, @Nullable String next) {
      rows.forEach(this::count);
      return new DryRunView(
          rows.size(),
          effects.getOrDefault(Effect.DENY, 0),
          effects.getOrDefault(Effect.ASK, 0),
          effects.getOrDefault(Effect.ALLOW, 0),
          silent,
          unreadable,
          differences,
          next);
    }

    private void count(ToolCallRow row) {
      var session = new SessionId(row.key().sessionId());
      Optional<JsonNode> input = opened.map(session, row.input(), JSON::readTree);
      if (input.isEmpty()) {
        unreadable++;
        return;
      }
      Optional<Judgement> judged =
          book.judge(new RuledCall(row.name(), input.get(), new AsNamed(session)));
      if (judged.isEmpty()) {
        silent++;
        return;
      }
      effects.merge(judged.get().effect(), 1, Integer::sum);
      if (verdict(judged.get().effect()) != row.verdict())
        differences.add(difference(row, judged.get()));
    }
  }

  private static Verdict verdict(Effect effect) {
    return switch (effect) {
      case DENY -> Verdict.DENIED;
      case ASK -> Verdict.ASKED;
      case ALLOW -> Verdict.ALLOWED;
    };
  }

  private static Difference difference(ToolCallRow row, Judgement judged) {
    return new Difference(
        new SessionId(row.key().sessionId()),
        new ToolCallId(row.key().toolCallId()),
        row.name(),
        row.calledAt(),
        row.verdict(),
        row.rule(),
        judged.effect(),
        judged.rule().name(),
        judged.rule().reason());
  }

  /**
   * Paths as they were named. Without a box the workspace was called by its place on the host, in
   * which the session's id stands.
   */
  private record AsNamed(SessionId session) implements RuledCall.Places {
    private static final Path WORKSPACE = Path.of("/workspace");

    @Override
    public Path workspace() {
      return WORKSPACE;
    }

    @Override
    public Optional<Path> resolve(String named) {
      String mark = "/" + session + "/work";
      int at = named.indexOf(mark);
      String inside = at < 0 ? named : WORKSPACE + "/" + named.substring(at + mark.length());
      return Optional.of(WORKSPACE.resolve(inside).normalize());
    }
  }
}
