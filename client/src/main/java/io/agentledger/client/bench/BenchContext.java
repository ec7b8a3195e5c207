package io.agentledger.client.bench;

import io.agentledger.client.support.ServiceUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Resources that the rows of one run share.
 *
 * @param quick whether the rows are short, to see that they work; then their spread is wide
 * @param directory for files; deleted at the end
 * @param progress receives what is being measured
 */
record BenchContext(
    BenchService service,
    StandInModel model,
    Path directory,
    boolean quick,
    Consumer<String> progress) {
  /** Starts a CLI of the kind that the service has started; one of the service must be alive. */
  DirectCli startDirectCli() throws IOException {
    long example =
        DirectCli.processesOf(service.pid()).stream()
            .findFirst()
            .orElseThrow(() -> new ServiceUnavailableException("The service has no CLI."));
    return DirectCli.start(service, example, model, Files.createTempDirectory(directory, "cli"));
  }

  int rounds() {
    return quick ? 2 : 5;
  }

  /** Returns how long a row repeats its operation first: the JIT compiler needs two minutes. */
  Duration warmUp() {
    return quick ? Duration.ofMillis(300) : Duration.ofMinutes(2);
  }

  /** Runs queries of a session of their own as warm-up. */
  void warmUpQueries() throws IOException, InterruptedException {
    BenchSession session = BenchSession.open(service);
    long end = System.nanoTime() + warmUp().toNanos();
    do session.firstTextMillis();
    while (System.nanoTime() < end);
    session.archive();
  }

  /** Returns a number of repetitions or seconds: the first one in a quick run. */
  int choose(int quickCount, int fullCount) {
    return quick ? quickCount : fullCount;
  }
}
