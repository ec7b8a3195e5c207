package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.command.claude.run.ProcessSupervisor;

/** Runs that change files, one after the other, each until its checkpoint is taken. */
abstract class FilesTestSupport extends RunnerTestSupport {
  static String shell(String command) {
    return """
    ```rehearsal
    - calls:
        - {tool: Bash, input: {command: "%s", description: Does it}}
    - say: "It says: {{last | lines 9}}"
    ```
    """
        .formatted(command);
  }

  RunCompleted submitAndAwait(String prompt) {
    int before = events(RunCompleted.class).size();
    submitQuery(prompt);
    var run = awaitEvents(RunCompleted.class, before + 1).getLast();
    await()
        .atMost(120, SECONDS)
        .untilAsserted(
            () ->
                assertThat(events(CheckpointTaken.class))
                    .extracting(CheckpointTaken::moment)
                    .contains(new Moment.After(run.runId())));
    return run;
  }

  void endProcess() {
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    supervisor.terminate();
    supervisor.termination().join();
  }
}
