package io.agentledger.client.cli;

import io.agentledger.api.session.SessionId;
import io.agentledger.client.support.ApiException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code agentledger interrupt}: stops the run in progress; queued queries follow. */
@Command(name = "interrupt", description = "Stops a session's run. Queued queries follow.")
final class InterruptCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Parameters(paramLabel = "SESSION", description = "ses_...")
  @SuppressWarnings("NullAway.Init")
  private SessionId session;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  InterruptCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (var service = environment.connect();
        var output = environment.standardOutput()) {
      var view = service.sessions().find(session);
      service.sessions().interrupt(session);
      output.printLine(
          view.runId() == null
              ? session + " has no run in progress"
              : "asked " + view.runId() + " to stop");
      return ExitCode.OK;
    } catch (ApiException refusal) {
      if (!refusal.code().equals(PromptRunner.NOTHING_RUNNING)) throw refusal;
      try (var errors = environment.errorOutput()) {
        errors.printLine(TextStyle.ERROR, "agentledger: " + session + " has no run in progress");
      }
      return ExitCode.FAILED;
    }
  }
}
