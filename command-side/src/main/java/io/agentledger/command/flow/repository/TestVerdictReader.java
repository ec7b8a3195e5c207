package io.agentledger.command.flow.repository;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionQuery.ListToolCalls;
import io.agentledger.api.session.query.ToolCallView;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;

/** Reads the verdict about a session's tests by the queries of a caller. Blocks. */
public final class TestVerdictReader {
  private static final int CALLS_MAX = 20_000;
  private static final int PAGE_SIZE = 50;

  private final QueryGateway queries;

  TestVerdictReader(QueryGateway queries) {
    this.queries = queries;
  }

  /**
   * Returns the verdict. Refused for a session of more than 20,000 tool calls.
   *
   * @param caller must be permitted to see the session
   */
  public TestVerdict read(Caller caller, SessionId session, String testCommand) {
    return TestVerdict.of(() -> new Calls(caller, session), testCommand);
  }

  /** Iterator that reads page by page. */
  private final class Calls implements Iterator<ToolCallView> {
    private final Caller caller;
    private final SessionId session;
    private final Deque<ToolCallView> page = new ArrayDeque<>();
    private @Nullable String cursor;
    private boolean isLast;
    private int count;

    Calls(Caller caller, SessionId session) {
      this.caller = caller;
      this.session = session;
    }

    @Override
    public boolean hasNext() {
      while (page.isEmpty() && !isLast) {
        var next = page(caller, session, cursor);
        for (var call : next.items()) page.add((ToolCallView) call);
        cursor = next.nextCursor();
        isLast = cursor == null;
      }
      return !page.isEmpty();
    }

    @Override
    public ToolCallView next() {
      if (!hasNext()) throw new NoSuchElementException();
      if (++count > CALLS_MAX)
        throw new ProviderRefusedException(
            "The session has more than " + CALLS_MAX + " tool calls.");
      return page.removeFirst();
    }
  }

  private Page<?> page(Caller caller, SessionId session, @Nullable String cursor) {
    var query = new ListToolCalls(caller.tenant(), session, new PageRequest(PAGE_SIZE, cursor));
    return queries
        .query(
            new GenericMessage<>(query, caller.asMetadata(Ids.random("req"))),
            ResponseTypes.instanceOf(Page.class))
        .join();
  }
}
