package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowCommand.RecordTests;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.flow.repository.TestResult;
import io.agentledger.command.flow.repository.TestResultReader;
import java.util.Optional;

/** Decides by the recorded tests whether the files of a flow may be published. */
record TestGate(FlowReader reader, TestResultReader tests, FlowCommandSender commands) {
  /** Records the result, and returns the failure that ends the flow; empty for none. */
  Optional<FlowFailure> verify(TenantId tenant, FlowState flow) {
    var repository = flow.definition().repository();
    if (repository == null || repository.testCommand() == null) return Optional.empty();
    var session = reader.findSession(flow.flowId().workExecution()).orElseThrow();
    var result = tests.read(session, repository.testCommand());
    commands.send(tenant, new RecordTests(flow.flowId(), result.verdict(), result.exitStatus()));
    return failureOf(result);
  }

  private static Optional<FlowFailure> failureOf(TestResult result) {
    return switch (result.verdict()) {
      case PASSED -> Optional.empty();
      case FAILED ->
          failure(
              "tests_failed",
              "The last execution of the tests failed"
                  + (result.exitStatus() > 0 ? " with exit status " + result.exitStatus() : "")
                  + ". Correct the task or the repository, and start another flow.");
      case NOT_RUN ->
          failure(
              "tests_not_run",
              "The agent did not execute the test command. It must be one shell command, exactly as"
                  + " configured and in the foreground, that the permissions of the task allow.");
      case STALE ->
          failure(
              "tests_stale",
              "The tests succeeded, but a later tool call may have changed files. They must be the"
                  + " last call that can change files.");
    };
  }

  private static Optional<FlowFailure> failure(String code, String message) {
    return Optional.of(new FlowFailure(code, message + " Nothing was published."));
  }
}
