package io.agentledger.command.flow.repository;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.store.crypto.Sealer;
import java.time.Instant;
import java.util.LinkedHashMap;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Reads the result of a session's tests from its events. A read model would not do: one that is
 * behind may lack the last change of a file. Blocks.
 */
public class TestResultReader {
  private static final int CALLS_MAX = 20_000;

  private final EventStore store;
  private final Sealer sealer;

  public TestResultReader(EventStore store, Sealer sealer) {
    this.store = store;
    this.sealer = sealer;
  }

  /** Returns the result. Refused for a session of more than 20,000 tool calls. */
  public TestResult read(SessionId session, String testCommand) {
    var calls = new LinkedHashMap<ToolCallId, RecordedCall>();
    var messages = store.readEvents(session.value(), 0); // Not from a snapshot.
    while (messages.hasNext()) {
      var message = messages.next();
      switch (message.getPayload()) {
        case ToolCalled called ->
            calls.put(called.toolCallId(), toCall(called, message.getTimestamp()));
        case ToolReturned returned ->
            calls.computeIfPresent(
                returned.toolCallId(),
                (id, call) ->
                    call.returned(
                        returned.status(), outputOf(returned, call), message.getTimestamp()));
        default -> {}
      }
      if (calls.size() > CALLS_MAX)
        throw new ProviderRefusedException(
            "The session has more than " + CALLS_MAX + " tool calls.");
    }
    return TestResult.of(calls.sequencedValues().reversed(), testCommand);
  }

  private RecordedCall toCall(ToolCalled event, Instant at) {
    return event.name().equals(RecordedCall.SHELL)
        ? RecordedCall.ofShell(
            sealer.open(event.sessionId(), ToolCalled.class, "input", event.input()), at)
        : RecordedCall.of(event.name(), at);
  }

  private String outputOf(ToolReturned event, RecordedCall call) {
    return call.isShell()
        ? sealer.open(event.sessionId(), ToolReturned.class, "output", event.output())
        : "";
  }
}
