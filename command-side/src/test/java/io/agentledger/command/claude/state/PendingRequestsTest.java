package io.agentledger.command.claude.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.event.QueryEvent.TaskStopRequested;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.SideRequestEvent.RequestType;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.shared.Id;
import io.agentledger.store.crypto.Sealer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that a process still has to fulfil, and those that another process must not get. */
class PendingRequestsTest {
  private static final SessionId SESSION = SessionId.next();
  private static final RunId RUN = RunId.next();
  private static final ThreadId MAIN = ThreadId.next();
  private static final ProcessId PROCESS = ProcessId.next();
  private static final ToolCallId CALL = ToolCallId.next();
  private static final String TASK = "b1";
  private static final Provenance ADA =
      new Provenance(TenantId.next(), Actor.ofUser(UserId.next()), CredentialId.next(), "req_1");

  private final PendingRequests pendingRequests =
      new PendingRequests(SESSION, new UnsealedContentSealer());

  private static final class UnsealedContentSealer implements Sealer {
    @Override
    public Content seal(Id subject, Class<?> event, String field, String text) {
      throw new UnsupportedOperationException("nothing is sealed here");
    }

    @Override
    public String open(Id subject, Class<?> event, String field, Content content) {
      return "";
    }
  }

  private void applyEvents(SessionEvent... events) {
    for (SessionEvent event : events) {
      pendingRequests.on(event, ADA);
    }
  }

  private static RunStarted startedBy(ProcessId process) {
    Execution execution =
        new Execution("node", 1, process, "hash", "2.1.197", SandboxLevel.FULL, Upstream.REHEARSAL);
    return new RunStarted(SESSION, RUN, MAIN, new Cause.Background(), 1, "opus", execution);
  }

  private static SourcePosition sourcePosition(ProcessId process) {
    return new SourcePosition(process, 1, SourcePosition.Source.JOURNAL, 100);
  }

  private static TaskStarted taskOf(ProcessId process) {
    return new TaskStarted(
        SESSION, RUN, MAIN, sourcePosition(process), TASK, "local_bash", CALL, Content.ABSENT);
  }

  private static ToolCalled callOf(ProcessId process) {
    return new ToolCalled(
        SESSION,
        RUN,
        MAIN,
        sourcePosition(process),
        CALL,
        "toolu_1",
        "Bash",
        "digest",
        Verdict.ALLOWED,
        "default",
        Content.ABSENT,
        Content.ABSENT);
  }

  @Test
  void taskStopIsPendingUntilTheTaskEnds() {
    applyEvents(startedBy(PROCESS), taskOf(PROCESS), new TaskStopRequested(SESSION, TASK));
    assertThat(pendingRequests.tasksToStop()).containsExactly(TASK);
    applyEvents(startedBy(PROCESS));
    assertThat(pendingRequests.tasksToStop()).as("of the same process").containsExactly(TASK);
    applyEvents(
        new TaskEnded(
            SESSION, RUN, MAIN, sourcePosition(PROCESS), TASK, TaskStatus.STOPPED, Content.ABSENT));
    assertThat(pendingRequests.tasksToStop()).isEmpty();
  }

  @Test
  void taskStopEndsWithItsProcess() {
    applyEvents(startedBy(PROCESS), taskOf(PROCESS), new TaskStopRequested(SESSION, TASK));
    applyEvents(startedBy(ProcessId.next()));
    assertThat(pendingRequests.tasksToStop()).isEmpty();
  }

  @Test
  void callBackgroundingEndsWithItsProcess() {
    applyEvents(
        startedBy(PROCESS), callOf(PROCESS), new BackgroundRequested(SESSION, List.of(CALL)));
    assertThat(pendingRequests.callsToBackground()).containsExactly("toolu_1");
    applyEvents(startedBy(ProcessId.next()));
    assertThat(pendingRequests.callsToBackground()).isEmpty();
  }

  @Test
  void sideRequestsSurviveTheirProcess() {
    SideRequestId sideRequestId = SideRequestId.next();
    applyEvents(
        startedBy(PROCESS),
        new SideRequestSubmitted(SESSION, sideRequestId, RequestType.CONTEXT, Content.ABSENT));
    applyEvents(startedBy(ProcessId.next()));
    assertThat(pendingRequests.sideRequests())
        .extracting(PendingRequests.SideRequest::id)
        .containsExactly(sideRequestId);
    assertThat(pendingRequests.sideRequests().getFirst().provenance()).isEqualTo(ADA);
    applyEvents(new SideRequestAnswered(SESSION, sideRequestId, Content.ABSENT));
    assertThat(pendingRequests.sideRequests()).isEmpty();
  }
}
