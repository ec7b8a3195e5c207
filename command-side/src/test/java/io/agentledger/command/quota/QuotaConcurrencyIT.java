package io.agentledger.command.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.command.CommandTestSupport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.junit.jupiter.api.Test;

/**
 * More concurrent commands than connections, all of one tenant and all accepted, so that its quota
 * is snapshotted while every connection waits for it.
 */
class QuotaConcurrencyIT extends CommandTestSupport {
  /** Commands before the concurrent ones, almost as many as trigger a snapshot. */
  private static final int BEFORE = 40;

  /**
   * Number of concurrent commands: twice that of connections. The last of more commands would wait
   * for a connection for longer than it may.
   */
  private static final int CROWD = 40;

  /** Far below the 30 s after which the database ends a blocked transaction. */
  private static final Duration TIMEOUT = Duration.ofSeconds(25);

  @Test
  void snapshotDoesNotBlockConcurrentReservations() throws Exception {
    var ada = newCaller();
    var sessions = Stream.generate(() -> openSession(ada)).limit(BEFORE + CROWD).toList();
    for (var session : sessions) runner.script(session, run -> {});
    for (var session : sessions.subList(0, BEFORE)) submitQuery(session, ada);
    long startNanos = System.nanoTime();
    var answers = new ArrayList<Future<SubmitResult>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var session : sessions.subList(BEFORE, sessions.size()))
        answers.add(executor.submit(() -> submitQuery(session, ada)));
    }
    for (var answer : answers) assertThat(answer.get().queries()).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(TIMEOUT);
  }

  private SubmitResult submitQuery(SessionId session, Caller caller) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(
                new SubmitInputs(session, List.of(prompt("hi")), null))
            .withMetaData(caller.asMetadata("req_test")));
  }
}
