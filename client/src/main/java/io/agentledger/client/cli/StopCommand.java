package io.agentledger.client.cli;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code agentledger stop}: reports the runs in progress, or interrupts them. The script, which
 * calls this, stops the service afterwards.
 */
@Command(
    name = "stop",
    description = "Stops the service. Runs in progress go on in their processes.")
final class StopCommand extends ServiceCommand {
  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  @Option(names = "--now", description = "Interrupts the runs in progress before.")
  private boolean now;

  StopCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  int execute(AgentledgerClient service, ConsoleOutput output) {
    var running = findRunning(service);
    if (running.isEmpty()) return ExitCode.OK;
    if (!now) {
      output.printLine(
          TextStyle.WARNING,
          ConsoleFormat.count(running.size(), "run")
              + " in progress: the processes go on, and the next start of the service continues"
              + " with them. To end them instead:  "
              + environment.command()
              + " stop --now");
      return ExitCode.OK;
    }
    running.forEach(session -> service.sessions().interrupt(session.id()));
    output.showProgress("interrupting " + ConsoleFormat.count(running.size(), "run"));
    awaitEnd(service);
    int left = findRunning(service).size();
    output.printLine(
        ConsoleFormat.count(running.size() - left, "run")
            + " interrupted"
            + (left == 0 ? "" : ", " + left + " not ended yet"));
    return ExitCode.OK;
  }

  private static void awaitEnd(AgentledgerClient service) {
    long deadline = System.nanoTime() + END_TIMEOUT.toNanos();
    try {
      while (!findRunning(service).isEmpty() && System.nanoTime() < deadline)
        Thread.sleep(POLL_INTERVAL);
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<SessionView> findRunning(AgentledgerClient service) {
    var running = new ArrayList<SessionView>();
    for (var activity : List.of(Activity.RUNNING, Activity.WAITING, Activity.RETRYING))
      running.addAll(
          service.sessions().list(activity, new PageRequest(PageRequest.LIMIT_MAX, null)).items());
    return running;
  }
}
