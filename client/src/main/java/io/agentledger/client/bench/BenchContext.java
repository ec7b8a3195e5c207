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
  private static final int WARM_UPS_MAX = 3;
  private static final int WARM_UP_PARTS = 8;

  /** CPU seconds of the compilers in a second. */
  private static final double COMPILING_MAX = 0.05;

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

  /** Returns how long the operation of a warm-up takes if it can be divided. */
  Duration warmUpPart() {
    return warmUp().dividedBy(quick ? 1 : WARM_UP_PARTS);
  }

  /** Operation of a warm-up, of some seconds. */
  interface WarmUp {
    void execute() throws Exception;
  }

  /**
   * Repeats an operation for as long as a warm-up takes, and then until the JIT compilers of the
   * service need less than a twentieth of a processor, at most three times as long: clients and
   * compilers share the processors with the service.
   */
  void warmUp(WarmUp operation) throws Exception {
    long start = System.nanoTime();
    for (double compiling = 1, passed = 0;
        passed < 1 || passed < WARM_UPS_MAX && compiling > COMPILING_MAX;
        passed = (System.nanoTime() - start) / (double) warmUp().toNanos()) {
      double compilers = service.compilerCpuSeconds();
      long repetition = System.nanoTime();
      operation.execute();
      double seconds = (System.nanoTime() - repetition) / 1e9;
      compiling = (service.compilerCpuSeconds() - compilers) / seconds;
    }
  }

  /** Runs queries of other sessions as warm-up; a long conversation would make their CLI slow. */
  void warmUpQueries() throws Exception {
    warmUp(
        () -> {
          BenchSession session = BenchSession.open(service);
          long end = System.nanoTime() + warmUpPart().toNanos();
          do session.firstTextMillis();
          while (System.nanoTime() < end);
          session.archive();
        });
  }

  /** Returns a number of repetitions or seconds: the first one in a quick run. */
  int choose(int quickCount, int fullCount) {
    return quick ? quickCount : fullCount;
  }
}
