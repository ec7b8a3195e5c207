package io.agentledger.command.claude.runner;

import java.io.PrintWriter;
import java.util.Arrays;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Program that executes test classes as the user that starts it, and prints the results. */
final class TestClassProgram {
  private TestClassProgram() {}

  public static void main(String[] arguments) {
    var listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(arguments).map(DiscoverySelectors::selectClass).toList())
                .build(),
            listener);
    var summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.out, true));
    System.out.printf(
        "%d tests, %d skipped, %d failed%n",
        summary.getTestsFoundCount(),
        summary.getTestsSkippedCount() + summary.getTestsAbortedCount(),
        summary.getTotalFailureCount());
    System.exit(0);
  }
}
