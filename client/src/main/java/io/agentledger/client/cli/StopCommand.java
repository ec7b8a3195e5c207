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
 * calls this, stops the service afterwards, unless the exit status is that of an interrupt.
 */
@Command(
    name = "stop",
    description = "Stops the service. Runs in progress go on in their processes.")
final class StopCommand extends ServiceCommand {
  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  @Option(names = "--now", description = "Interrupts the runs in progress before.")
  private boolean now;

  @Override
  int execute(AgentledgerClient service, ConsoleOutput output) {
    var running = findRunning(service);
    if (running.isEmpty()) return ExitCode.OK;
    var count = ConsoleFormat.count(running.size(), "run") + " in progress";
    var choice = now ? "i" : ask(output, count);
    if (choice.equals("c")) return ExitCode.INTERRUPTED;
    if (choice.equals("s")) {
      output.printLine(
          TextStyle.WARNING,
          count + ": the next start of the service continues (stop --now interrupts runs before)");
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

  /** Asks what becomes of the runs; without a terminal they go on. */
  private String ask(ConsoleOutput output, String count) {
    try (var input = environment().openInput().orElse(null)) {
      if (input == null) return "s";
      var question =
          output.styled(
              TextStyle.WARNING, count + ". [s]top and let them go on, [i]nterrupt, [c]ancel: ");
      while (true) {
        var answer = input.readAnswer(question, () -> false).map(String::strip);
        if (answer.isEmpty()) return "c";
        if (List.of("s", "i", "c").contains(answer.get())) return answer.get();
      }
    }
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
