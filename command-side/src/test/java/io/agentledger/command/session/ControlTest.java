package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.LifecycleEvent.ModelSet;
import io.agentledger.api.session.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.OutputEvent.TaskEnd;
import io.agentledger.api.session.OutputEvent.TaskEnded;
import io.agentledger.api.session.OutputEvent.TaskStarted;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.Place;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryEvent;
import io.agentledger.api.session.QueryEvent.QueryIssued;
import io.agentledger.api.session.QueryEvent.QueryWithdrawn;
import io.agentledger.api.session.QueryEvent.TaskStopRequested;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.SessionRejection.NotWaiting;
import io.agentledger.api.shared.SessionRejection.TaskNotRunning;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is changed while an agent is at work. */
class ControlTest extends Story {
  private static final String TASK = "b1";

  private static TaskStarted taskStarted(ProcessId process) {
    var place = new Place(process, 1, Place.Source.JOURNAL, 900);
    return new TaskStarted(SESSION, RUN, MAIN, place, TASK, "local_bash", CALL, Content.ABSENT);
  }

  private static TaskEnded taskEnded() {
    var place = new Place(PROCESS, 1, Place.Source.JOURNAL, 950);
    return new TaskEnded(SESSION, RUN, MAIN, place, TASK, TaskEnd.COMPLETED, Content.ABSENT);
  }

  private static List<Object> given(Object... more) {
    var all = new ArrayList<Object>(List.of(running()));
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void whatIsSetCountsForThePromptBehindIt() {
    session
        .given(opened())
        .when(
            submit(
                new Input.SetModel("haiku"),
                new Input.SetPermissionMode(PermissionMode.PLAN),
                prompt(QUERY, RUN, "hi")))
        .expectEvents(
            new ModelSet(SESSION, "haiku"),
            new PermissionModeSet(SESSION, PermissionMode.PLAN),
            new QueryIssued(
                SESSION,
                QUERY,
                RUN,
                QueryEvent.Cause.USER,
                OPTIONS.with("haiku").in(PermissionMode.PLAN),
                sealed(QueryIssued.class, "prompt", "hi")),
            now(io.agentledger.api.session.Activity.RUNNING));
  }

  @Test
  void whatIsSetAlreadyIsSilence() {
    session
        .given(given())
        .when(
            submit(
                new Input.SetModel(OPTIONS.model()),
                new Input.SetPermissionMode(OPTIONS.permissionMode())))
        .expectNoEvents();
  }

  @Test
  void aQueryIsTakenBackAsLongAsItWaits() {
    session
        .given(given(queued(NEXT_QUERY, NEXT_RUN, "and then")))
        .when(submit(new Input.Withdraw(NEXT_QUERY)))
        .expectEvents(new QueryWithdrawn(SESSION, NEXT_QUERY));
    session
        .given(given())
        .when(submit(new Input.Withdraw(QUERY)))
        .expectException(Rejected.class)
        .expectExceptionDetails(new NotWaiting(QUERY.value()));
  }

  @Test
  void aTaskIsStoppedAsLongAsItRuns() {
    session
        .given(given(taskStarted(PROCESS)))
        .when(submit(new Input.StopTask(TASK)))
        .expectEvents(new TaskStopRequested(SESSION, TASK));
    session
        .given(given(taskStarted(PROCESS), taskEnded()))
        .when(submit(new Input.StopTask(TASK)))
        .expectException(Rejected.class)
        .expectExceptionDetails(new TaskNotRunning(TASK));
  }
}
